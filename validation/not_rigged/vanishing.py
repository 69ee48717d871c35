"""What is left of each policy's lead over the board when its suspected reasons are taken away, one by one and all at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from sim.policies.catalogue import make
from sim.policies.policy import Policy
from sim.scenario import Scenario
from sim.scenario.register import mechanisms
from sim.stats.means import paired_difference
from sim.study.compare import compare
from sim.study.comparison import ACCOUNTS, Comparison
from validation.not_rigged.against_anchors import SEED, written
from validation.not_rigged.size import Size
from validation.table import markdown

BOARD = "change-board"
POLICIES = (
    BOARD, "co-evaluated", "co-evaluated-ai", "prototype-first", "gatekeeper", "expert-veto", "fast-lane", "value-ranked",
    "capacity-limit", "always-accept", "accept-all", "refuse-all")
Changes = dict[str, object]


@dataclass(frozen=True)
class Removal:
    """A suspected reason, and the world and the policies without it."""

    name: str
    meaning: str
    changes: Callable[[Scenario], Changes]
    policy: Callable[[Policy], Policy] = lambda policy: policy


def nothing(_: Scenario) -> Changes:
    return {}


def no_learning(scenario: Scenario) -> Changes:
    """Nothing teaches the customer anything after the first day."""
    off = mechanisms(scenario)["understanding"]
    return {key: value for key, value in off.items() if not key.endswith(".start")}


def alike(scenario: Scenario) -> Changes:
    """Customer and experts see need and fit equally well: as well as the two do on average."""
    of = scenario.evaluation
    need = (of.customer_need_quality + of.expert_need_quality) / 2.0
    fit = (of.customer_fit_quality + of.expert_fit_quality) / 2.0
    return {"evaluation.customer_need_quality": need, "evaluation.expert_need_quality": need,
            "evaluation.customer_fit_quality": fit, "evaluation.expert_fit_quality": fit}


def free(scenario: Scenario) -> Changes:
    """Judging takes nobody's time and no days."""
    known = mechanisms(scenario)
    return {**known["evaluation-time"], **known["latency"], "evaluation.explanation_hours": 0.0}


def the_houses_queue(policy: Policy) -> Policy:
    """The policy without a queue and a promise of its own."""
    return policy.with_parts(queue=None, promise=None)


REMOVALS = (
    Removal("as it is", "the scenario", nothing),
    Removal("sessions teach nothing", "`understanding.sessions` = 0", lambda _: {"understanding.sessions": 0.0}),
    Removal("nobody learns", "every source of understanding at 0", no_learning),
    Removal("judges alike", "need and fit are seen equally well by customer and experts", alike),
    Removal("judging free", "neither hours nor days", free),
    Removal("one queue", "queue and promise are the house's for every policy", nothing, the_houses_queue),
)


def all_at_once(scenario: Scenario) -> Changes:
    """Every removal."""
    changes: Changes = {}
    for removal in REMOVALS:
        changes |= removal.changes(scenario)
    return changes


ALL = Removal("all of it", "the five together", all_at_once, the_houses_queue)


def sections(size: Size, executor: Executor | None) -> str:
    """One table a scenario: policies by removals, each cell the lead over the board."""
    projects = [name for name in size.scenarios if Scenario.load(name).project.planned_items][: size.knocked]
    return "\n\n".join(f"### {name}\n\n{table(Scenario.load(name), size.vanishing, executor)}" for name in projects)


def table(scenario: Scenario, replications: int, executor: Executor | None) -> str:
    """The lead over the board, paid, each with its own interval; bold where that leaves out 0 in both accounts."""
    columns = []
    for removal in (*REMOVALS, ALL):
        policies = [removal.policy(make(name)) for name in POLICIES]
        found = compare(scenario.with_values(removal.changes(scenario)), policies, anchors=(), reference=BOARD,
                        replications=replications, seed=SEED, executor=executor)
        columns.append(column(found))
    rows = [[name, *(one[name] for one in columns)] for name in columns[0]]
    return markdown(["", *(removal.name for removal in (*REMOVALS, ALL))], rows)


def column(found: Comparison) -> dict[str, str]:
    """Each policy's lead over the board."""
    accounts = [{name: paired_difference(found.values(name, account), found.values(BOARD, account))
                 for name in found.names if name != BOARD} for account in (found.deciding, ACCOUNTS[found.deciding])]
    paid, effort = accounts
    told = written(paid)
    both = {name for name in paid if min(paid[name].low, effort[name].low) > 0.0 or max(paid[name].high, effort[name].high) < 0.0}
    return {name: f"**{text}**" if name in both else text for name, text in told.items()}
