"""What a requested person-day takes beyond its build: measured, for the bar against which requests are judged.

    python -m sim.study.overhead [SCENARIO ...]

says it of the built-in scenarios (or of those that are named), beside the `evaluation.overhead` that each of them states.
"""

from __future__ import annotations

import math
import sys

from sim.model.ledger import NEVER
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from sim.scenario.acting import acting
from sim.toml.shipped import builtin_names

REPLICATIONS = 40
USED = ("work", "rework", "review", "switching")
"""Uses of time that building takes; of each a share goes into exploration, which is paid along with it."""


def overhead_of(scenario: Scenario, replications: int = REPLICATIONS, seed: int = 1) -> float:
    """What the time costs that requests take, over what building them would cost, less 1.

    All requests are accepted, in the house's queue, and nobody judges them; what the plan takes without any request is taken off.
    Ideas are left out. Work that is open at the end counts as time used, not as built: in a stream that is long enough that is
    little.

    Parameters
    ----------
    scenario
        Any; its own `evaluation.overhead` does not enter.
    replications, seed
        Whose luck: both worlds have the same.

    Returns
    -------
    float
        A share of the build; NaN where nobody asks for anything.

    Examples
    --------
    >>> from sim import Scenario
    >>> bare = Scenario.load("classroom").off()
    >>> abs(overhead_of(bare.with_values({"customer.request_rate": 0.3}), replications=2)) < 1e-9
    True
    """
    with_requests = scenario.with_values({"innovation.idea_rate": 0.0})
    without = with_requests.with_values({place.key: 0.0 for place in acting(scenario, "customer.request_rate")})
    taken: list[float] = []
    built: list[float] = []
    for replication in range(replications):
        asked, quiet = (
            simulate(world, "accept-all", seed=seed, replication=replication, logged=False) for world in (with_requests, without))
        taken.append(_cost_of_building(asked) - _cost_of_building(quiet))
        built.append(math.fsum(
            ask.request.effort for ask in asked.ledger.asks if ask.item is not None and ask.item.closed != NEVER))
    return math.fsum(taken) / (math.fsum(built) * scenario.build_cost) - 1.0 if any(built) else math.nan


def _cost_of_building(run: Run) -> float:
    rates = [stint.day_rate for stint in run.ledger.staff]
    return math.fsum(
        (end - start) * speed * rates[person] for person, start, end, use, _, speed, _ in run.ledger.spells if use in USED)


def main(names: list[str]) -> None:
    """Print the table."""
    print("scenario            stated  measured")
    for name in names or builtin_names("scenarios"):
        scenario = Scenario.load(name)
        print(f"{name:<18} {scenario.evaluation.overhead:7.2f}  {overhead_of(scenario):8.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
