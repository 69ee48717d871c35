"""The golden file: the bits of the tape, and of outcomes of all policies, as they were when somebody last looked.

A change of the model that is meant to change results rewrites it, on purpose and in the same commit:

    python -m tests.reproducibility.golden --write
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sim.model.tape import Tape
from sim.policies import all_policies
from sim.runs.simulate import simulate_all
from sim.scenario import Customer, Scenario

FILE = Path(__file__).with_name("golden.json")
SEED, REPLICATION = 2026, 7
PURPOSES = ("request/customer/effort", "request/customer/merit", "planned/effort", "idea/day", "anything else")


def scenarios() -> dict[str, Scenario]:
    """The default scenario, and one in which every mechanism has something to do."""
    two_groups = {"public": Customer(burstiness=4.0, mandatory_share=0.3), "sales": Customer(request_rate=0.3, appetite=1.0)}
    everything = Scenario(groups=two_groups).with_values({
        "project.planned_items": 30, "project.horizon": 200.0, "project.deadline": 60.0, "team.ripple": 2.0,
        "team.visit_spread": "exponential", "customer.escalation": 0.6, "customer.withdrawal_rate": 0.02,
        "customer.early_infeasible": 0.5, "evaluation.latency": 3.0, "relationship.walk_away": 0.02, "adoption.day": 15.0,
        "adoption.before": "change-board", "adoption.learning_days": 30.0,
    })
    return {"default": Scenario(), "everything on": everything}


def tape() -> dict[str, list[str]]:
    """The first numbers of some streams, exact."""
    drawn = Tape(SEED, REPLICATION)
    kinds = {"uniforms": drawn.uniforms, "normals": drawn.normals, "exponentials": drawn.exponentials}
    return {
        f"{kind} of {purpose}": [number.hex() for number in draw(purpose, 5)]
        for kind, draw in kinds.items()
        for purpose in PURPOSES
    }


def outcomes(scenario: Scenario) -> dict[str, dict[str, str]]:
    """All measures of all policies, exact."""
    runs = simulate_all(scenario, all_policies(), seed=SEED, replication=REPLICATION)
    return {run.policy.name: {name: repr(value) for name, value in run.outcome.items()} for run in runs}


def content() -> dict[str, Any]:
    """What the golden file should say."""
    return {"tape": tape(), "outcomes": {name: outcomes(scenario) for name, scenario in scenarios().items()}}


def main() -> None:
    """Compare with the file, or write it anew."""
    if "--write" in sys.argv[1:]:
        FILE.write_text(json.dumps(content(), indent=1) + "\n", encoding="utf-8")
        print(f"written: {FILE.name}")
    else:
        same = json.loads(FILE.read_text(encoding="utf-8")) == content()
        print("the same" if same else "different; python -m tests.reproducibility.golden --write  makes this the new truth")
        sys.exit(not same)


if __name__ == "__main__":
    main()
