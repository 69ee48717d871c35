"""Whoever sits in a policy's seat and answers as it would has its outcome, bit for bit."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

import sim
from sim.game import Human, Pause, play
from sim.policies import ADOPTABLE, Authority, Decision, Estimate, Evaluators, Policy, PolicyOfParts, ProjectView, make
from sim.policies.admission import Threshold, Warned
from sim.policies.catalogue import AS_TODAY
from sim.runs.simulate import draw as draw_luck
from sim.runs.simulate import run_policy, simulate
from sim.scenario import Scenario
from sim.toml.shipped import builtin_names
from tests.reproducibility import golden

SCENARIOS = builtin_names("scenarios")
REAL = (*ADOPTABLE, AS_TODAY)


@dataclass(frozen=True)
class Recorder(Human):
    """Plays another policy and writes down what it answers."""

    answers: list[Decision] = field(default_factory=list, compare=False)

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        self.answers.append(self.like.decide(estimate, project))
        return self.answers[-1]


def outcomes_differ(scenario: Scenario, policy: Policy, replication: int) -> bool:
    luck = draw_luck(scenario, 1, replication)
    recorder = Recorder(like=policy)
    run = run_policy(scenario, recorder, luck)
    seated = play(scenario, policy, 1, replication, recorder.answers)
    assert isinstance(seated, sim.Run)
    itself = run_policy(scenario, policy, luck)
    return not repr(seated.outcome) == repr(itself.outcome) == repr(run.outcome)


@pytest.mark.parametrize("policy", REAL)
@pytest.mark.parametrize("name", SCENARIOS)
def test_own_answers_of_a_policy_give_its_outcome(name: str, policy: str) -> None:
    scenario = Scenario.load(name)
    assert [at for at in range(2) if outcomes_differ(scenario, make(policy), at)] == []


@pytest.mark.long
@pytest.mark.parametrize("policy", REAL)
@pytest.mark.parametrize("name", SCENARIOS)
def test_own_answers_of_a_policy_give_its_outcome_in_twenty_replications(name: str, policy: str) -> None:
    scenario = Scenario.load(name)
    assert [at for at in range(20) if outcomes_differ(scenario, make(policy), at)] == []


EVERYBODY = Evaluators(customer=True, experts=True, ai=True)
PARTICULAR = [
    PolicyOfParts(name="warned", evaluators=EVERYBODY, admission=Warned()),
    PolicyOfParts(name="advised", evaluators=EVERYBODY, authority=Authority(1.0, 0.0, 0.0), admission=Threshold(0.6)),
    make(AS_TODAY)]
"""The aid forecasts; experts advise, against a bar of the policy's own; answers come late: what only few policies have."""


@pytest.mark.parametrize("policy", PARTICULAR, ids=lambda policy: policy.name)
def test_what_only_few_policies_have_is_had_in_their_seats_too(policy: Policy) -> None:
    everything = golden.scenarios()["everything on"].with_values({"today.share": 0.5})
    assert [at for at in range(3) if outcomes_differ(everything, policy, at)] == []


@pytest.mark.parametrize("policy", REAL)
def test_a_policy_that_sees_what_the_seat_shows_has_its_outcome(policy: str) -> None:
    made, seat = make(policy), sim.Seat("classroom", policy, most=None)
    seat.reset(seed=4, replication=2)
    while isinstance(seat.now, Pause):
        seat.step(made.decide(seat.now.estimate, seat.now.project))
    assert repr(seat.now.outcome) == repr(simulate("classroom", policy, seed=4, replication=2).outcome)


@pytest.mark.parametrize("policy", ["always-accept", "change-board", "co-evaluated"])
def test_a_room_whose_seats_are_all_one_policy_has_the_numbers_of_compare(policy: str) -> None:
    """Each seat a replication, as `compare` has them."""
    found = sim.compare("classroom", policy, anchors=(), replications=6, seed=5)
    made, seats = make(policy), []
    for replication in range(6):
        seat = sim.Seat("classroom", policy)
        seat.reset(seed=5, replication=replication)
        while isinstance(seat.now, Pause):
            seat.step(made.decide(seat.now.estimate, seat.now.project))
        seats.append(seat.now.outcome)
    for metric in sim.METRICS:
        assert repr([seat[metric] for seat in seats]) == repr([float(value) for value in found.frame[metric]])


def test_one_other_answer_changes_the_outcome() -> None:
    """Otherwise the tests above could not fail."""
    recorder = Recorder(like=make("co-evaluated"))
    scenario = Scenario.load("classroom")
    own = run_policy(scenario, recorder, draw_luck(scenario, 1, 0)).outcome
    at = next(at for at, answer in enumerate(recorder.answers) if answer.answer == "decline")
    other = play(scenario, "co-evaluated", 1, 0, [*recorder.answers[:at], "yes"], most=at + 1)
    assert isinstance(other, sim.Run)
    assert other.outcome != own
