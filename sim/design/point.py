"""A design point: one setting of the factors in one scenario; how it becomes a world to simulate, and rows of a frame.

All points share common random numbers: within a seed, replication 7 has the same luck at each of them, so that points, like
policies, are compared by paired differences.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.design.factor import Value, Values
from sim.design.policy_settings import POLICY, change_policies, policy_value
from sim.errors import IntakeLabError, StudyError

if TYPE_CHECKING:
    import pandas as pd

    from sim.policies.policy import Policy
    from sim.scenario import Scenario

MOST_POINTS = 50_000
"""Over all scenarios. Each is tried before the first replication, which takes a third of a millisecond."""


@dataclass(frozen=True)
class DesignPoint:
    """One setting of the factors in one scenario.

    Attributes
    ----------
    number
        Its number, from 0 on; the same design always numbers its points alike.
    scenario
        The scenario's name.
    values
        Dotted keys with the values that replace the scenario's (or a policy's) own; what is not named stays as it is.
    policies
        The names of the policies to run here; None: all of the experiment's.
    label
        What is special about this point, for people.
    cube
        Its place in the unit cube, one coordinate a factor; empty for designs that are not drawn there.
    """

    number: int
    scenario: str
    values: Values = ()
    policies: tuple[str, ...] | None = None
    label: str = ""
    cube: tuple[float, ...] = ()


class Draft(NamedTuple):
    """A point before it belongs to a scenario and has a number."""

    values: Values
    label: str = ""
    cube: tuple[float, ...] = ()


def check_count(points: int, scenarios: Collection[str]) -> None:
    """Refuse more design points than can be tried in a minute, before they are made."""
    if points * len(scenarios) > MOST_POINTS:
        each = f" ({points:,} in each of {len(scenarios)} scenarios)" if len(scenarios) > 1 else ""
        raise StudyError(f"{points * len(scenarios):,} design points{each} are too many: at most {MOST_POINTS:,} are possible; "
                         "fewer levels, samples or scenarios are needed")


def numbered(scenarios: Collection[str], drafts: Iterable[Draft]) -> tuple[DesignPoint, ...]:
    """The same points in each scenario, numbered through."""
    drafts = list(drafts)
    check_count(len(drafts), scenarios)
    places = [(scenario, draft) for scenario in scenarios for draft in drafts]
    return tuple(
        DesignPoint(number, scenario, draft.values, label=draft.label, cube=draft.cube)
        for number, (scenario, draft) in enumerate(places))


def realise(point: DesignPoint, scenario: Scenario, policies: Sequence[Policy]) -> tuple[Scenario, tuple[Policy, ...]]:
    """The scenario and the policies of one design point.

    Parameters
    ----------
    point
        The design point.
    scenario, policies
        The scenario of the point's name, and the experiment's policies. A key ``policy.NAME.SETTING`` changes a policy; it
        keeps its name, so that the frame can compare it with itself at other points.

    Raises
    ------
    StudyError
        Naming the point, with the scenario's or the policy's own message.
    """
    try:
        changed = scenario.with_values({key: value for key, value in point.values if not key.startswith(POLICY)})  # noqa: PD011
        chosen = change_policies(policies, [pair for pair in point.values if pair[0].startswith(POLICY)])  # noqa: PD011
    except IntakeLabError as error:
        raise StudyError(f"design point {point.number} ({point.label or point.scenario}): {error}") from error
    if point.policies is None:
        return changed, chosen
    by_name = {policy.name: policy for policy in chosen}
    missing = [name for name in point.policies if name not in by_name]
    if missing:
        raise StudyError(f"design point {point.number}: policy {missing[0]!r} is not one of {', '.join(by_name)}")
    return changed, tuple(by_name[name] for name in point.policies)


def points_frame(
    points: Sequence[DesignPoint], scenarios: Mapping[str, Scenario], policies: Sequence[Policy] = ()
) -> pd.DataFrame:
    """The design as a frame: one row a point; `point`, `scenario`, `label` and one column for each dotted key.

    Where a point does not name a key, its column has the value that the scenario (or the policy) has by itself; None where
    the scenario has no such key and none of its points names it.
    """
    import pandas as pd

    keys = list(dict.fromkeys(key for point in points for key, _ in point.values))  # noqa: PD011
    columns: dict[str, list[Any]] = {
        "point": [point.number for point in points],
        "scenario": [point.scenario for point in points],
        "label": [point.label for point in points],
    }
    named = {(point.scenario, key) for point in points for key, _ in point.values}  # noqa: PD011
    base: dict[tuple[str, str], Value] = {}
    for name in {point.scenario for point in points}:
        for key in keys:
            try:
                base[name, key] = base_value(key, scenarios[name], policies)
            except StudyError:
                if (name, key) in named:
                    raise
                base[name, key] = None  # a customer group, say, of another scenario
    for key in keys:
        columns[key] = [dict(point.values).get(key, base[point.scenario, key]) for point in points]
    return pd.DataFrame(columns)


def base_value(key: str, scenario: Scenario, policies: Sequence[Policy] = ()) -> Value:
    """The value that a scenario (or a policy) has at a dotted key by itself."""
    if key.startswith(POLICY):
        return policy_value(policies, key)
    parts = key.split(".")
    value: Any = scenario
    if parts[0] == "groups" and len(parts) > 2:
        value, parts = dict(scenario.customers).get(parts[1]), parts[2:]
    for part in parts:
        try:
            value = value[part] if isinstance(value, dict) else value[int(part)] if isinstance(value, tuple) else getattr(
                value, part)
        except (KeyError, IndexError, ValueError, AttributeError):
            raise StudyError(f"{key} is not known in scenario {scenario.name}") from None
    return value
