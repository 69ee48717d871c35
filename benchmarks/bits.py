"""Are the bits still the same? A digest of everything that many runs came to, to be compared before and after a change.

    python benchmarks/bits.py                            # all built-in scenarios under all policies, about a minute
    python benchmarks/bits.py --quick                    # one replication each
    python benchmarks/bits.py --worlds worlds.pickle     # and 300 random worlds, which stay the same from then on

Prints one digest a scenario (outcomes, spells, fates, items and decisions of all policies) and one of all. A change that is
meant to change no number leaves every line as it was.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for tests.strategies

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.policies import Policy, all_policies
from sim.runs.simulate import Run, draw, run_policy
from sim.scenario import Scenario
from tests.strategies import policies, scenarios

SCENARIOS = (
    "classroom", "ai-project", "agency-website", "product-team", "regulated-device", "calm-water", "acbs", "xit-before",
    "xit-after",
)
REQUEST = (
    "number", "group", "position", "day", "effort", "need", "fit", "merit", "worth", "feasible", "ambiguity", "novelty",
    "flexibility", "core_share", "urgency", "mandatory", "lot", "estimate", "glance", "stated_urgency",
)
ASK = ("fate", "status", "answered", "left", "returns", "offer", "prototyped", "seen_infeasible", "clarity")
ITEM = (
    "number", "kind", "form", "group", "arrived", "admitted", "agreed", "effort", "estimate", "benefit", "novelty", "feasible",
    "ambiguity", "urgency", "rank", "request", "started", "delivered", "closed", "promised", "attempts", "given_up",
)


def plain(value: object) -> object:
    """Days are floats, but day 0 may be a whole number: that is no other bit."""
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    return float(value) if type(value) is int else value


def said(run: Run) -> Iterator[str]:
    """All that a run came to, but what only logging writes."""
    ledger = run.ledger
    yield repr(list(run.outcome.items()))
    for spell in (*ledger.spells, *ledger.customer_spells):
        yield repr(plain(spell))
    for ask in ledger.asks:
        yield repr(plain([*(getattr(ask.request, name) for name in REQUEST), *(getattr(ask, name) for name in ASK)]))
    for item in ledger.items:
        yield repr(plain([getattr(item, name) for name in ITEM]))
    yield repr(plain([ledger.end, ledger.finished, ledger.walked_away, ledger.planned_finish, ledger.ai_cost]))


def logged(run: Run) -> Iterator[str]:
    """What only a logged run has: decisions and levels."""
    for entry in run.ledger.decisions:
        parts = (entry.estimate, entry.project, entry.decision)
        yield repr(plain([entry.day, entry.request, *parts, entry.outcome]))
    yield repr(plain(run.ledger.levels))


def bits(scenario: Scenario, policy: Policy, seed: int, replication: int) -> str:
    """Digest of a run, made twice, logged and not."""
    luck = draw(scenario, seed, replication)
    log, silent = (run_policy(scenario, policy, luck, logged=log) for log in (True, False))
    summed = hashlib.sha256("\n".join(said(silent)).encode())
    if hashlib.sha256("\n".join(said(log)).encode()).digest() != summed.digest():
        raise SystemExit(f"{scenario.name}, {policy.name}, replication {replication}: logging changed a bit")
    summed.update("\n".join(logged(log)).encode())
    return summed.hexdigest()


World = tuple[Scenario, Policy, int]


def random_worlds(count: int) -> list[World]:
    """So many random scenarios with a random policy and seed."""
    found: list[World] = []

    @settings(max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(scenarios(), policies, st.integers(0, 1000))
    def keep(scenario: Scenario, policy: Policy, seed: int) -> None:
        found.append((scenario, policy, seed))

    keep()
    return found


def kept_worlds(path: Path) -> list[World]:
    """Random worlds from a file, which is written if it is not there: Hypothesis draws others for other code."""
    if not path.exists():
        path.write_bytes(pickle.dumps(random_worlds(300)))
    worlds: list[World] = pickle.loads(path.read_bytes())
    return worlds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="few runs")
    parser.add_argument("--worlds", type=Path, metavar="FILE", help="random worlds as well, kept in FILE from the first time on")
    asked = parser.parse_args()
    quick = asked.quick
    total = hashlib.sha256()
    for name in SCENARIOS:
        scenario = Scenario.load(name)
        found = [bits(scenario, policy, 1, at) for policy in all_policies() for at in range(1 if quick else 3)]
        summed = hashlib.sha256("".join(found).encode()).hexdigest()
        total.update(summed.encode())
        print(f"{name:20} {summed[:32]}", flush=True)
    if asked.worlds is not None:
        found = [bits(*world, 0) for world in kept_worlds(asked.worlds)[: 40 if quick else None]]
        summed = hashlib.sha256("".join(found).encode()).hexdigest()
        total.update(summed.encode())
        print(f"{'random worlds':20} {summed[:32]}")
    print(f"{'all':20} {total.hexdigest()[:32]}")


if __name__ == "__main__":
    main()
