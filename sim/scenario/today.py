"""How requests are answered today: `[today]` of a scenario file, every value with unit, range, off value and source."""

from __future__ import annotations

from sim.scenario.assumption import PROJECT, Frozen, assumption


class Today(Frozen):
    """What becomes of requests as things are, before any policy of this list: what the policy as-today does."""

    share: float = assumption(
        1.0, "share of requests that get a yes as things are; 1: nobody counted, or all do", unit="1", low=0, high=1, off=1.0,
        mechanism="today",
        equation="the policy as-today says yes where a request's lot, uniform on [0, 1), is below `share`; it asks nobody, and "
        "answers after the wait of a judgement on demand (latency)",
        left_out="who says yes and no today looks at something; the lot knows the share, and not at what",
        source=PROJECT, evidence="project")
