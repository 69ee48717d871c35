"""Each named policy does what its sentence says."""

from __future__ import annotations

import math

import pytest

from sim.model.ledger import Entry
from sim.policies import ADOPTABLE, POLICY_NAMES, Evaluators, all_policies, make
from sim.policies.admission import Warned
from sim.policies.catalogue import AS_TODAY
from sim.runs.simulate import Run, simulate
from sim.scenario import Scenario
from tests.not_rigged.worlds import bits

WORLD = Scenario().with_values({
    "project.planned_items": 40, "project.horizon": 200.0, "project.deadline": 90.0, "customer.request_rate": 0.6})
SEEDS = range(4)


def runs(policy: str, **values: object) -> list[Run]:
    world = WORLD.with_values({key.replace("__", "."): value for key, value in values.items()})
    return [simulate(world, policy, replication=replication) for replication in SEEDS]


def decisions(policy: str, **values: object) -> list[Entry]:
    """What the policy itself decided (mandatory requests are not for it to decide)."""
    found = [entry for run in runs(policy, **values) for entry in run.ledger.decisions if not entry.estimate.mandatory]
    assert len(found) > 50
    return found


def answers(policy: str) -> set[str]:
    return {entry.decision.answer for entry in decisions(policy)}


def test_the_catalogue_makes_each_once_and_two_of_them_are_controls() -> None:
    assert len(POLICY_NAMES) == len(set(POLICY_NAMES)) > 12
    assert tuple(name for name in POLICY_NAMES if not make(name).is_control and name != AS_TODAY) == ADOPTABLE
    assert [policy.name for policy in all_policies()] == list(POLICY_NAMES)
    assert [policy.name for policy in all_policies() if policy.is_control] == ["placebo", "clairvoyant"]


def test_always_accept_admits_every_request_the_moment_it_arrives_before_planned_work() -> None:
    for run in runs("always-accept"):
        assert all(ask.item is not None and ask.item.admitted == ask.request.day for ask in run.ledger.asks)
        ranks = {kind: {item.rank for item in run.ledger.items if item.kind == kind} for kind in ("request", "planned")}
        assert max(ranks["request"]) < min(ranks["planned"])
        assert run.outcome["switching"] > 0.0
        assert run.outcome["meetings"] <= simulate(WORLD, "co-evaluated", replication=run.replication).outcome["meetings"]


def test_accept_all_admits_every_request_the_moment_it_arrives_and_interrupts_nobody() -> None:
    for run in runs("accept-all"):
        assert all(ask.item is not None and ask.item.admitted == ask.request.day for ask in run.ledger.asks)
        assert run.outcome["switching"] == 0.0
    assert (make("accept-all").queue, make("accept-all").promise) == (None, None)


def test_refuse_all_admits_what_is_mandatory_and_nothing_else() -> None:
    obliged = 0
    for run in runs("refuse-all", customer__mandatory_share=0.2):
        assert all((ask.item is not None) == ask.request.mandatory for ask in run.ledger.asks)
        obliged += sum(ask.request.mandatory for ask in run.ledger.asks)
        assert {ask.fate for ask in run.ledger.asks if not ask.request.mandatory} == {"declined"}
    assert obliged > 10


@pytest.mark.parametrize("k", [0, 3, 8])
def test_capacity_limit_never_takes_a_request_with_k_open_and_never_refuses_one_with_a_place_free(k: int) -> None:
    for entry in decisions(f"capacity-limit:k={k}"):
        assert entry.decision.answer == ("accept" if entry.project.open_requests < k else "decline")


@pytest.mark.parametrize("weekly", [1.0, 24.0])
def test_capacity_limit_has_a_months_arrivals_of_places_and_at_least_eight_unless_k_is_said(weekly: float) -> None:
    found = set()
    for run in runs("capacity-limit", customer__request_rate=weekly / 5.0, customer__mandatory_share=0.0):
        order = [ask.request.number for ask in run.ledger.asks]
        for entry in run.ledger.decisions:
            asked = sum(ask.request.day <= entry.day for ask in run.ledger.asks)  # all that anybody could have counted by then
            if entry.day == entry.estimate.arrived:  # of those who ask at the same time, not those who come after this one
                asked = order.index(entry.estimate.number) + 1
            places = max(8, round(asked * 21.0 / max(entry.day, 21.0)))
            assert entry.project.asked_per_month == pytest.approx(asked * 21.0 / max(entry.day, 21.0))
            assert entry.decision.answer == ("accept" if entry.project.open_requests < places else "decline")
            found.add(places)
    assert 8 == min(found) <= max(found) <= 12 if weekly == 1.0 else max(found) > 90


@pytest.mark.parametrize("k", [3, 8])
def test_capacity_limit_never_has_more_than_k_open(k: int) -> None:
    for run in runs(f"capacity-limit:k={k}", customer__mandatory_share=0.0):
        changes = []
        for item in run.ledger.items:
            if item.kind == "request":
                changes += [(item.admitted, 1), (item.closed if item.closed >= 0.0 else math.inf, -1)]
        open_now = most = 0
        for _, change in sorted(changes):
            open_now += change
            most = max(most, open_now)
        assert most == k


@pytest.mark.parametrize("share", [0.05, 0.15])
def test_change_budget_never_exceeds_its_contingency(share: float) -> None:
    contingency = share * WORLD.project.planned_items * WORLD.project.planned_effort
    for run in runs(f"change-budget:share={share}", customer__mandatory_share=0.0):
        admitted = math.fsum(item.estimate for item in run.ledger.items if item.kind == "request")
        assert 0.5 * contingency < admitted <= contingency + 1e-9
        for entry in run.ledger.decisions:
            fits = entry.project.admitted_effort + entry.estimate.effort <= contingency
            assert entry.decision.answer == ("accept" if fits else "decline")


def test_frozen_scope_admits_nothing_of_its_own_will_before_the_plan_is_done() -> None:
    later = 0
    for run in runs("frozen-scope", customer__request_rate=0.15):
        own = [ask for ask in run.ledger.asks if not ask.request.mandatory and ask.item is not None]
        assert run.ledger.planned_finish > 0.0
        assert all(ask.item is not None and ask.item.admitted >= run.ledger.planned_finish for ask in own)
        later += len(own)
    assert later > 10


def test_as_today_is_accept_all_to_the_bit_where_a_scenario_says_nothing_of_today() -> None:
    for one, other in zip(runs("as-today"), runs("accept-all"), strict=True):
        assert bits(one) == bits(other)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_as_today_says_yes_to_the_share_that_gets_a_yes_today_by_lot(share: float) -> None:
    found = decisions("as-today", today__share=share)
    assert all(entry.decision.answer == ("accept" if entry.estimate.lot < share else "decline") for entry in found)
    assert all(entry.estimate.value is None for entry in found), "nobody is asked"
    first = [entry for entry in found if not entry.estimate.returns]
    assert sum(entry.decision.answer == "accept" for entry in first) / len(first) == pytest.approx(share, abs=0.08)


def test_as_today_answers_as_late_as_judgements_on_demand_do_and_takes_nobodys_time() -> None:
    late, at_once = (runs("as-today", today__share=0.6, evaluation__latency=days) for days in (6.0, 0.0))
    waits = sorted(ask.answered - ask.request.day for run in late for ask in run.ledger.asks if ask.answered >= 0.0)
    assert waits[len(waits) // 2] == pytest.approx(6.0, rel=0.15)
    assert all(ask.answered == ask.request.day for run in at_once for ask in run.ledger.asks if not ask.returns)
    assert not any(use == "evaluation" for run in late for _, _, _, use, _, _, _ in run.ledger.spells)


def test_as_today_with_a_share_of_its_own_does_not_hear_of_the_scenarios() -> None:
    own, theirs = runs("as-today:share=0.4", today__share=0.9), runs("as-today", today__share=0.4)
    assert [bits(run) for run in own] == [bits(run) for run in theirs]


def test_gatekeeper_decides_at_once_on_the_customers_word_alone() -> None:
    for entry in decisions("gatekeeper"):
        assert entry.estimate.value == entry.estimate.customer_value
        assert entry.estimate.expert_value is None
        assert entry.estimate.ai_value is None
        assert entry.decision.answer == ("accept" if entry.estimate.customer_value >= WORLD.bar else "decline")
    assert make("gatekeeper").cadence.days == 0.0


def test_the_gatekeepers_word_is_what_the_customer_states_where_he_keeps_nothing_back() -> None:
    for entry in decisions("gatekeeper", evaluation__disclosure=0.0):
        assert entry.estimate.value == pytest.approx(entry.estimate.stated)


def test_expert_veto_refuses_only_what_experts_object_to() -> None:
    for entry in decisions("expert-veto"):
        objection = entry.estimate.expert_value < WORLD.bar - 0.5 or not entry.estimate.feasible
        assert entry.decision.answer == ("decline" if objection else "accept")
        assert entry.estimate.customer_value is None


@pytest.mark.parametrize("policy", ["change-board", "value-ranked", "co-evaluated"])
def test_who_meets_on_days_decides_nothing_between_meetings(policy: str) -> None:
    days = make(policy).cadence.days
    assert days
    free = {"evaluation.expert_hours": 0.0, "evaluation.customer_hours": 0.0, "evaluation.session_hours": 0.0}
    for run in [simulate(WORLD.with_values(free), policy, replication=replication) for replication in SEEDS]:
        assert run.ledger.decisions
        assert all(entry.day % days == pytest.approx(0.0, abs=1e-6) for entry in run.ledger.decisions)
    for run in runs(policy):  # sessions that take people's hours end later, never earlier
        for entry in run.ledger.decisions:
            assert entry.day >= days * math.ceil(entry.estimate.arrived / days) - 1e-6


def test_change_board_takes_what_experts_judge_to_be_worth_the_threshold() -> None:
    for entry in decisions("change-board:at_least=0.5"):
        assert entry.estimate.value == entry.estimate.expert_value
        worth_it = entry.estimate.feasible and entry.estimate.value >= WORLD.bar + 0.5
        assert entry.decision.answer == ("accept" if worth_it else "decline")


def test_change_board_with_an_agenda_of_k_decides_at_most_k_a_meeting() -> None:
    for run in runs("change-board:at_most=2"):
        per_day: dict[float, int] = {}
        for entry in run.ledger.decisions:
            per_day[entry.day] = per_day.get(entry.day, 0) + 1
        assert max(per_day.values()) == 2


def test_value_ranked_takes_the_best_first_while_places_last() -> None:
    turned_away = 0
    for run in runs("value-ranked:k=3", customer__mandatory_share=0.0):
        sessions: dict[float, list[Entry]] = {}
        for entry in run.ledger.decisions:
            sessions.setdefault(entry.day, []).append(entry)
        for session in sessions.values():
            index = [entry.estimate.worth * entry.estimate.urgency for entry in session]
            assert index == sorted(index, reverse=True)
            assert all(e.project.open_requests < 3 for e in session if e.decision.answer == "accept")
            turned_away += sum(e.decision.answer == "defer" for e in session)
    assert turned_away > 0


def test_prototype_first_learns_about_the_large_before_it_says_yes() -> None:
    for entry in decisions("prototype-first"):
        large = entry.estimate.effort >= 3.0
        if entry.decision.answer == "prototype":
            assert large
            assert not entry.estimate.prototyped
        if entry.decision.answer == "accept":
            assert entry.estimate.prototyped or not large
    assert answers("prototype-first") == {"accept", "decline", "prototype"}


def test_a_prototype_shows_infeasibility_before_anything_is_built() -> None:
    sure = {"customer__feasibility": 0.5, "evaluation__prototype_learning": 1.0, "customer__mandatory_share": 0.0}
    for run in runs("prototype-first:prototype_from=0", **sure):
        assert all(item.feasible for item in run.ledger.items)
        assert run.outcome["declined"] > 0


def test_fast_lane_lets_small_ones_through_at_once_and_nothing_else() -> None:
    lanes = {True: 0, False: 0}
    for entry in decisions("fast-lane:below=1"):
        if entry.estimate.value is None:
            assert entry.estimate.effort < 1.0
            assert entry.decision.answer == "accept"
            assert entry.day == entry.estimate.arrived or entry.estimate.returns
            lanes[True] += 1
        else:
            assert "fast lane" not in entry.decision.reason
            lanes[False] += 1
    assert min(lanes.values()) > 20


def test_co_evaluated_asks_both_sides_and_offers_the_core_or_another_solution() -> None:
    for entry in decisions("co-evaluated"):
        assert None not in (entry.estimate.customer_value, entry.estimate.expert_value)
        assert entry.estimate.ai_value is None
        if entry.decision.answer == "reshape":
            assert entry.estimate.effort >= 3.0
            assert entry.estimate.value >= WORLD.bar
        if entry.decision.answer == "counter-propose":
            assert entry.estimate.value < WORLD.bar or not entry.estimate.feasible
            assert entry.estimate.alternative >= WORLD.bar
    assert answers("co-evaluated") == {"accept", "decline", "reshape", "counter-propose"}
    forms = {item.form for run in runs("co-evaluated") for item in run.ledger.items if item.kind == "request"}
    assert forms == {"as asked", "reshaped", "counter-proposal"}


def test_a_reshaped_request_costs_its_core_and_a_counter_proposal_can_be_built() -> None:
    for run in runs("co-evaluated"):
        for ask in run.ledger.asks:
            if ask.item is not None and ask.item.form == "reshaped":
                assert ask.item.effort == pytest.approx(ask.request.effort * ask.request.core_share)
                share, traits = ask.request.core_share, WORLD.customer
                kept = (ask.request.worth + traits.upkeep) * share**traits.core_value - traits.upkeep * share
                assert ask.item.benefit == pytest.approx(ask.request.effort * kept)
            if ask.item is not None and ask.item.form == "counter-proposal":
                assert ask.item.feasible
                assert ask.item.novelty >= ask.request.novelty


def test_co_evaluated_ai_hears_the_aid_and_pays_for_it() -> None:
    assert all(entry.estimate.ai_value is not None for entry in decisions("co-evaluated-ai"))
    assert all(run.outcome["ai_cost"] > 0.0 for run in runs("co-evaluated-ai"))
    followed = decisions("co-evaluated-ai", evaluation__automation_bias=1.0)
    assert all(entry.estimate.value == entry.estimate.ai_value for entry in followed)


def test_placebo_holds_the_references_sessions_and_draws_lots() -> None:
    for reference in ("co-evaluated", "change-board"):
        control, model = make(f"placebo:reference={reference}"), make(reference)
        assert (control.cadence, control.evaluators, control.queue) == (model.cadence, model.evaluators, model.queue)
    for entry in decisions("placebo"):
        assert entry.decision.reason.startswith("lot ")


def test_clairvoyant_sees_the_truth_at_no_cost() -> None:
    for run in runs("clairvoyant"):
        refused = sum(entry.decision.answer == "decline" for entry in run.ledger.decisions)
        explaining = refused * WORLD.evaluation.explanation_hours / 8.0 * 0.6  # all that it takes
        assert run.outcome["evaluation_cost"] == pytest.approx(explaining, rel=0.02)
        for ask in run.ledger.asks:
            worth_building = ask.request.worth >= WORLD.bar and ask.request.feasible
            assert (ask.item is not None) == (ask.request.mandatory or worth_building)
    assert make("clairvoyant").evaluators == Evaluators(truth=True)


def test_a_warned_board_puts_off_what_is_worth_it_exactly_where_the_aids_forecast_misses_the_deadline() -> None:
    """The rule ``warned``, which policies of parts can have: as the threshold, but late work waits for the planned scope."""
    board = make("co-evaluated").with_parts(name="warned", admission=Warned(at_least=0.0, reserve=1.2))
    found = [entry for at in SEEDS for entry in simulate(WORLD, board, replication=at).ledger.decisions
             if not entry.estimate.mandatory and entry.estimate.feasible and entry.estimate.worth >= WORLD.bar]
    put_off = 0
    for entry in found:
        seen, project = entry.estimate, entry.project
        assert seen.forecast is not None
        late = project.day + 1.2 * (seen.forecast - project.day) > project.deadline
        waits = late and project.planned_done < 1.0
        assert (entry.decision.answer == "defer") == waits
        put_off += waits
    assert 0 < put_off < len(found)
