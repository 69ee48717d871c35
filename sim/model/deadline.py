"""The deadline as it is felt: pressure before it, and a promise missed after it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from sim.model import effects
from sim.model.calendar import MONTH, WEEK

if TYPE_CHECKING:
    from simpy.events import Event

    from sim.model.world import World


class Deadline:
    """The promised day of one run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.day = world.scenario.project.deadline
        self.team = world.scenario.team
        self.innovation = world.scenario.innovation

    @property
    def presses(self) -> bool:
        """Whether pressure has anything to act upon."""
        team, innovation = self.team, self.innovation
        crowded = innovation.exploration_share > 0.0 and innovation.crowding > 0.0
        return self.day > 0.0 and (
            team.overtime_cap > 0.0 or (team.defect_rate > 0.0 and team.pressure_errors > 0.0) or crowded)

    def press(self) -> Generator[Event, Any, None]:
        """Process: once a week the team looks at what is left and sets its pace."""
        world = self.world
        while True:
            world.pressure = effects.pressure(world.remaining, world.capacity, world.env.now, self.day)
            speed = effects.speed_under(world.pressure, self.team.overtime_cap)
            explore = effects.exploration_under(
                world.pressure, self.innovation.exploration_share, self.innovation.crowding)
            for role in world.roles:
                if role.speed != speed or role.explore != explore:
                    role.set_pace(speed, explore)
            yield world.wait(WEEK, "weekly looks at what is left")

    def pass_by(self) -> Generator[Event, Any, None]:
        """Process: a deadline that has passed is a missed promise, and is felt again every month."""
        yield self.world.env.timeout(self.day)
        while self.world.planned_left:
            for group in self.world.customers:
                group.feel_promise(kept=False)
            yield self.world.wait(MONTH, "months after the deadline")
