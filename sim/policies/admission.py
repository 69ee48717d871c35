"""Admission rules: the part of a policy that says yes, no or later. One small class a rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, NamedTuple

from sim.policies.setting import Setting, slots
from sim.policies.view import Estimate, ProjectView

LEAST_PLACES = 8
Places = Annotated[int | None, Setting(
    "requests that may be open at a time", "requests", unsaid=f"a month's arrivals ({LEAST_PLACES} or more)")]
Contingency = Annotated[float, Setting("share of the planned effort", high=10.0)]
AtLeast = Annotated[float, Setting("least worth above the bar", "k€/pd", low=-1000.0, high=1000.0)]
Below = Annotated[float, Setting("worth against the bar below which experts object", "k€/pd", low=-1000.0, high=1000.0)]

ShareToday = Annotated[float | None, Setting("chance of a yes", high=1.0, unsaid="today's share")]


class Verdict(NamedTuple):
    """Yes, no or later (then `until` says when to look again), with the reason."""

    say: Literal["yes", "no", "later"]
    reason: str
    until: float = math.inf


YES = Verdict("yes", "everything is accepted")
NO = Verdict("no", "nothing is accepted")


class Admission:
    """Base of all rules."""

    asks_forecast: ClassVar[bool] = False
    """Whether the AI aid is asked, at its price, by when open work will be done."""
    answers_late: ClassVar[bool] = False
    """Whether the answer takes as long as a judgement on demand waits, although nobody is asked."""

    def __str__(self) -> str:
        """``threshold(at_least=0)``: as it would be written."""
        values = ", ".join(f"{key}={slot.told(getattr(self, key))}" for key, slot in slots(type(self)).items())
        return _name(type(self)) + (f"({values})" if values else "")

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        """Say yes, no or later to one request."""
        raise NotImplementedError

    def agenda(self, estimates: list[Estimate]) -> list[int]:
        """The order in which a session takes its requests (positions in `estimates`); by default as they arrived."""
        return list(range(len(estimates)))

    def bar(self, project: ProjectView) -> float:
        """Worth in k€/pd from which the rule says yes; of a rule that looks at something else, what pays for itself."""
        return project.bar


@dataclass(frozen=True, slots=True)
class Everything(Admission):
    """Yes to all."""

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        return YES


@dataclass(frozen=True, slots=True)
class Nothing(Admission):
    """No to all."""

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        return NO


@dataclass(frozen=True, slots=True)
class Capacity(Admission):
    """Yes while fewer than `k` admitted requests are open; then no."""

    k: Places = None

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        places = _places(self.k, project)
        if project.open_requests < places:
            return Verdict("yes", f"{project.open_requests} of {places} places taken")
        return Verdict("no", f"all {places} places taken")


@dataclass(frozen=True, slots=True)
class Budget(Admission):
    """Yes while estimated effort fits into a contingency: a share of the planned effort, first come first served.

    Without planned scope the contingency is the same share of the team's capacity since day 0.
    """

    share: Contingency = 0.15

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        contingency = self.share * (project.planned_effort or project.capacity * project.day)
        if project.admitted_effort + estimate.effort <= contingency:
            return Verdict("yes", f"fits into the contingency of {contingency:.0f} pd")
        return Verdict("no", f"contingency of {contingency:.0f} pd is used up ({project.admitted_effort:.0f} pd admitted)")


@dataclass(frozen=True, slots=True)
class AfterPlanned(Admission):
    """Later, until the planned scope is done; then yes."""

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        if project.planned_done >= 1.0:
            return Verdict("yes", "the planned scope is done")
        return Verdict("later", "scope is frozen until the planned scope is done")


@dataclass(frozen=True, slots=True)
class Threshold(Admission):
    """Yes if the judged worth is at least `at_least` k€/pd above the bar (and nobody saw that it cannot be built).

    The bar is what a requested person-day takes in all, see `ProjectView.bar`: at 0, what seems to pay for itself is admitted.
    """

    at_least: AtLeast = 0.0

    def bar(self, project: ProjectView) -> float:
        return project.bar + self.at_least

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        if not estimate.feasible:
            return Verdict("no", "cannot be built as asked")
        least = self.bar(project)
        if estimate.worth >= least:
            return Verdict("yes", f"worth {estimate.worth:.2f} k€/pd, at least {least:.2f}")
        return Verdict("no", f"worth {estimate.worth:.2f} k€/pd, less than {least:.2f}")


@dataclass(frozen=True, slots=True)
class Warned(Admission):
    """As a threshold, with an early warning: what is worth it waits for the planned scope if open work would miss the deadline.

    The AI aid is asked by when open work would be done, and is as good at that as it is. `reserve` stretches its forecast, for what
    it does not know (rework, waiting). Without a deadline nothing warns.
    """

    asks_forecast: ClassVar[bool] = True

    at_least: AtLeast = 0.0
    reserve: Annotated[float, Setting("factor on the forecast of open work", low=0.1, high=10.0)] = 1.1

    def bar(self, project: ProjectView) -> float:
        return project.bar + self.at_least

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        verdict = Threshold(self.at_least).judge(estimate, project)
        if verdict.say != "yes" or project.deadline <= 0.0 or project.planned_done >= 1.0:
            return verdict
        assert estimate.forecast is not None, "the aid was asked"
        done = project.day + (estimate.forecast - project.day) * self.reserve
        if done <= project.deadline:
            return verdict
        return Verdict("later", f"worth it, but open work would take until day {done:.0f}, after day {project.deadline:g}")


@dataclass(frozen=True, slots=True)
class Veto(Admission):
    """Yes unless the experts object: worth clearly below the bar, or not feasible."""

    below: Below = -0.5

    def bar(self, project: ProjectView) -> float:
        return project.bar + self.below

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        opinion = estimate.worth if estimate.expert_value is None else estimate.expert_value
        if not estimate.feasible:
            return Verdict("no", "experts' veto: cannot be built as asked")
        least = self.bar(project)
        if opinion < least:
            return Verdict("no", f"experts' veto: worth {opinion:.2f} k€/pd, less than {least:.2f}")
        return Verdict("yes", "no veto")


@dataclass(frozen=True, slots=True)
class Ranked(Admission):
    """Best first by cost of delay divided by duration, while fewer than `k` are open; the rest waits for another session.

    A request that is judged not worth building is refused; one that has waited `patience` days is refused too.
    """

    k: Places = None
    patience: Annotated[float, Setting("days after which a request that waits is refused", "days")] = 60.0

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        if not estimate.feasible:
            return Verdict("no", "cannot be built as asked")
        if estimate.worth < project.bar:
            return Verdict("no", f"worth {estimate.worth:.2f} k€/pd, less than {project.bar:.2f}")
        places = _places(self.k, project)
        if project.open_requests < places:
            return Verdict("yes", f"best of those waiting, {project.open_requests} of {places} places taken")
        if project.day - estimate.arrived >= self.patience:
            return Verdict("no", f"waited {self.patience:g} days without being among the best")
        return Verdict("later", f"all {places} places taken", until=project.day)

    def agenda(self, estimates: list[Estimate]) -> list[int]:
        index = [-estimate.worth * estimate.urgency for estimate in estimates]
        return sorted(range(len(estimates)), key=lambda i: (index[i], estimates[i].arrived, estimates[i].number))


@dataclass(frozen=True, slots=True)
class Lots(Admission):
    """Yes by lot, with chance `share`. The placebo: as many admitted as by judgement, but not which."""

    share: Annotated[float, Setting("chance of a yes", high=1.0)] = 0.5

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        drawn = estimate.lot < self.share
        return Verdict("yes" if drawn else "no", f"lot {estimate.lot:.2f}, share {self.share:.2f}")


@dataclass(frozen=True, slots=True)
class AsToday(Admission):
    """Yes by lot, as often as requests get a yes as things are, and as late."""

    answers_late: ClassVar[bool] = True

    share: ShareToday = None

    def judge(self, estimate: Estimate, project: ProjectView) -> Verdict:
        share = project.yes_today if self.share is None else self.share
        drawn = estimate.lot < share
        return Verdict("yes" if drawn else "no", f"lot {estimate.lot:.2f}, today's share {share:.2f}")


def _places(k: int | None, project: ProjectView) -> int:
    """The places that there are: so many, or in proportion to the flow (8 are not the same for 1 and for 24 requests a week)."""
    return max(round(project.asked_per_month), LEAST_PLACES) if k is None else k


def _name(rule: type[Admission]) -> str:
    """``after-planned`` for ``AfterPlanned``."""
    return "".join(f"-{char.lower()}" if char.isupper() else char for char in rule.__name__).lstrip("-")


RULES: dict[str, type[Admission]] = {
    _name(rule): rule for rule in tuple(globals().values())
    if isinstance(rule, type) and issubclass(rule, Admission) and rule is not Admission}
"""Every rule of this file, as policy files call it."""
