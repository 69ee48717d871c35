"""Exploration and ideas: `[innovation]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from sim.scenario.assumption import OURS, Frozen, assumption


class Innovation(Frozen):
    """Exploration, and the ideas of the team that nobody asked for."""

    exploration_share: float = assumption(
        0.08, "share of the team's time kept for exploration", unit="1", low=0, high=0.9, off=0.0, mechanism="exploration",
        equation="people explore `exploration_share` / (1 + 4 `crowding` (p − 1)) of their time of working and idling, where "
        "pressure p is above 1; ideas come at `idea_rate` a person-day of it, get a hearing of `hearing_hours` at the next review,"
        " where the first customer group and the experts judge them as they judge requests; what looks worth building becomes work"
        " with the chance trust",
        left_out="exploring makes nobody better at other work",
        source="slack against innovation is an inverted U (Nohria & Gulati, 264 departments); the share is assumed",
        evidence="assumed")
    crowding: float = assumption(
        1.0, "how strongly schedule pressure above 1 crowds out exploration: share / (1 + crowding * 4 * (pressure - 1))",
        unit="1", low=0, high=10, off=0.0, mechanism="exploration", alone=False, source=OURS)
    silence: float = assumption(
        1.0, "how far low voice silences ideas: rate * (1 - silence * (1 - voice))", unit="1", low=0, high=1, off=0.0,
        mechanism="voice",
        source=OURS)
    idea_rate: float = assumption(
        0.15, "ideas per person-day of exploration", unit="1/pd", low=0, high=10, off=0.0, mechanism="exploration", alone=False,
        source=OURS)
    idea_effort: float = assumption(3.0, "median effort of an idea", unit="pd", low=0.001, high=1000, source=OURS)
    idea_sigma: float = assumption(
        1.0, "standard deviation of the logarithm of an idea's effort", unit="1", low=0, high=2, source=OURS)
    idea_value: float = assumption(
        3.0, "mean gross value of an idea per person-day, before it is capped", unit="k€/pd", low=0, high=100,
        equation="worth of an idea per person-day: `idea_value` × exp(`idea_tail` × Z − `idea_tail`² / 2), at most `idea_cap` × "
        "`idea_value`, less `idea_upkeep`; merit Z as of a request of the first customer group",
        source=OURS)
    idea_tail: float = assumption(
        1.2, "heaviness of that value's tail: standard deviation of its logarithm", unit="1", low=0, high=2.5, source=OURS)
    idea_cap: float = assumption(
        5.0, "the most that an idea is worth gross per person-day, in multiples of idea_value; 0: no such limit", unit="1", low=0,
        high=1000, off=0.0,
        equation="gross value of an idea: at most `idea_cap` × `idea_value`",
        left_out="the idea of a century does not come in a project",
        source="ours: one giant idea in a thousand runs widened intervals fivefold, and is no evidence for a policy")
    idea_upkeep: float = assumption(
        1.67, "cost of ownership of an idea per person-day, taken off its gross value", unit="k€/pd", low=0, high=100,
        source="the value at which one idea in three is worth building with the default team, as for requests",
        evidence="published")
    idea_novelty: float = assumption(0.7, "mean novelty of ideas (Beta)", unit="1", low=0, high=0.99, source=OURS)
    hearing_hours: float = assumption(
        0.5, "time of the experts and of the customer to hear one idea", unit="hours", low=0, high=40, off=0.0,
        mechanism="exploration", alone=False, source=OURS)
