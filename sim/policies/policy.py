"""A policy: who answers a customer's request, when, on whose judgement, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Any, ClassVar, Literal

from sim.errors import PolicyError
from sim.policies.admission import Admission, Everything, Verdict
from sim.policies.parts import AT_ONCE, LEAST_SAY, NOBODY, Authority, Cadence, Evaluators, Promise, QueueRule
from sim.policies.setting import Setting
from sim.policies.view import ANSWERS, Answer, Decision, Estimate, ProjectView

Reading = Annotated[
    Literal["face-value", "calibrated"], Setting("whether what judges see is taken as it is, or as far as such judges are right")]
Explanation = Annotated[float, Setting("how well a no is explained", high=1.0)]
PrototypeFrom = Annotated[float, Setting("estimated effort from which a prototype is made first", "pd")]
FastLane = Annotated[float, Setting("estimated effort below which a request is accepted at once; 0: no such lane", "pd")]


@dataclass(frozen=True)
class Policy:
    """Base of all policies; subclass it and write `decide`.

    The parts are plain attributes: who is asked and when, what is promised, how well a no is explained, what is worked on
    first; who has how much say about the need (`authority`) and about the fit (`fit_authority`; None: as about the need); and
    whether what judges see is read at face value, or calibrated by how right such judges are. They decide what a policy may see
    and what it costs; `decide` only ever gets an `Estimate` and a `ProjectView`.
    Promise and queue are the house's, the same for every policy, where a policy has none of its own (None).

    Raises
    ------
    PolicyError
        Where several sides are asked and all of them weigh nothing: nobody's judgement is no judgement.

    Examples
    --------
    >>> from sim.policies import Policy, accept, decline
    >>> class SmallOnly(Policy):
    ...     name = "small-only"
    ...     def decide(self, estimate, project):
    ...         return accept("small") if estimate.effort < 2 else decline("too large")
    >>> SmallOnly().name, SmallOnly(name="tiny").name, SmallOnly().cadence.days
    ('small-only', 'tiny', 0.0)
    """

    name: str = "policy"
    cadence: Cadence = AT_ONCE
    evaluators: Evaluators = NOBODY
    authority: Authority = Authority()
    fit_authority: Authority | None = None
    reading: Reading = "face-value"
    promise: Promise | None = None
    explanation: Explanation = 0.0
    queue: QueueRule | None = None

    is_control: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Let a plain subclass set parts as class attributes (``cadence = Cadence(5)``), as people do who know no dataclasses."""
        for part in fields(self):
            own = getattr(type(self), part.name, part.default)
            if own is not part.default and getattr(self, part.name) is part.default:
                object.__setattr__(self, part.name, own)
        self._refuse_judges_without_a_say()

    def _refuse_judges_without_a_say(self) -> None:
        for key, question, authority in (("authority", "need", self.authority), ("fit_authority", "fit", self.fit_authority)):
            if authority is not None and (said := authority.speechless(self.evaluators)):
                raise PolicyError(f"policy {self.name!r} asks {self.evaluators} about the {question}, and none of them has a say "
                                  f"({key}: {said}); together they must weigh at least {LEAST_SAY:g}")

    @property
    def asks_forecast(self) -> bool:
        """Whether the AI aid is asked about each request, at its price, by when it and all open work would be done."""
        return False

    @property
    def answers_late(self) -> bool:
        """Whether the answer takes as long as a judgement on demand waits, although nobody is asked."""
        return False

    def at_once(self, glance: Estimate) -> bool:
        """Whether a request that looks like `glance` is decided on arrival, outside the cadence and by nobody else."""
        return False

    def agenda(self, estimates: list[Estimate]) -> list[int]:
        """The order in which a session decides its requests, as positions in `estimates`."""
        return list(range(len(estimates)))

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        """Answer one request."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it decides; write decide(self, estimate, project)")

    def bar(self, project: ProjectView) -> float:
        """Worth in k€/pd from which the policy says yes; what experts advise is held against it."""
        return project.bar

    def with_parts(self, **parts: Any) -> Policy:
        """A copy with some parts replaced."""
        made = replace(self, **parts)
        for name, part in parts.items():
            object.__setattr__(made, name, part)  # also where a class attribute says otherwise
        return made


def authority_in_words(policy: Policy) -> str:
    """Who has how much say: about need and fit, where that differs."""
    if policy.fit_authority in (None, policy.authority):
        return str(policy.authority)
    return f"need: {policy.authority}; fit: {policy.fit_authority}"


@dataclass(frozen=True)
class Responses:
    """How a verdict becomes an answer: which answers are allowed, and from what size on.

    Parameters
    ----------
    reshape_from, prototype_from
        Estimated person-days from which a yes becomes "only the core" or "a prototype first"; None forbids that answer.
    counter
        Whether a no may become a counter-proposal (another solution for the same need).
    counter_above
        Gain against the bar, in k€/pd, that is expected of a counter-proposal where one is made.
    defer
        Whether "later" is an answer; otherwise it is a no.
    """

    reshape_from: Annotated[float, Setting("estimated effort from which only the core is agreed on", "pd")] | None = None
    prototype_from: PrototypeFrom | None = None
    counter: Annotated[bool, Setting("whether a no may become another solution for the same need")] = False
    counter_above: Annotated[
        float, Setting("gain above the bar for which another solution is proposed", "k€/pd", low=-1000.0, high=1000.0)] = 0.0
    defer: Annotated[bool, Setting("whether later is an answer; otherwise it is a no")] = True

    @property
    def allowed(self) -> tuple[Answer, ...]:
        """The answers that can occur."""
        can = {
            "defer": self.defer, "reshape": self.reshape_from is not None, "prototype": self.prototype_from is not None,
            "counter-propose": self.counter}
        return tuple(answer for answer in ANSWERS if can.get(answer, True))

    def __str__(self) -> str:
        return ", ".join(self.allowed)

    def answer(self, verdict: Verdict, estimate: Estimate, project: ProjectView) -> Decision:
        """Turn a verdict into an answer."""
        say, reason, until = verdict
        if say == "yes":
            if self.prototype_from is not None and estimate.effort >= self.prototype_from and not estimate.prototyped:
                return Decision("prototype", f"{reason}; {estimate.effort:.1f} pd is large enough to learn first")
            if self.reshape_from is not None and estimate.effort >= self.reshape_from:
                return Decision("reshape", f"{reason}; of {estimate.effort:.1f} pd only the core", otherwise="accept")
            return Decision("accept", reason)
        if say == "later" and self.defer:
            return Decision("defer", reason, until)
        if self.counter and self._gains(estimate, project):
            return Decision("counter-propose", f"{reason}; but the need is real, and another solution fits it better")
        return Decision("decline", reason)

    def _gains(self, estimate: Estimate, project: ProjectView) -> bool:
        """Whether the need is great and the fit poor: another solution is expected to pay, and to be worth more than this one."""
        other = estimate.alternative
        return other is not None and other >= project.bar + self.counter_above and (other > estimate.worth or not estimate.feasible)


@dataclass(frozen=True)
class PolicyOfParts(Policy):
    """A policy that is nothing but its parts, so that any one of them can be taken out or swapped.

    `fast_lane` lets requests that look smaller than so many person-days through at once (0: no such lane).
    """

    admission: Admission = field(default_factory=Everything)
    responses: Responses = Responses()
    fast_lane: FastLane = 0.0

    @property
    def asks_forecast(self) -> bool:
        return self.admission.asks_forecast

    @property
    def answers_late(self) -> bool:
        return self.admission.answers_late

    def at_once(self, glance: Estimate) -> bool:
        return glance.effort < self.fast_lane

    def agenda(self, estimates: list[Estimate]) -> list[int]:
        return self.admission.agenda(estimates)

    def bar(self, project: ProjectView) -> float:
        return self.admission.bar(project)

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        if self.fast_lane and estimate.value is None and estimate.effort < self.fast_lane:
            return Decision("accept", f"looks smaller than {self.fast_lane:g} pd: fast lane")
        return self.responses.answer(self.admission.judge(estimate, project), estimate, project)


@dataclass(frozen=True)
class PolicyFromFunction(Policy):
    """Wraps a plain function `decide(estimate, project) -> Decision`."""

    function: Callable[[Estimate, ProjectView], Decision] | None = None

    def decide(self, estimate: Estimate, project: ProjectView) -> Decision:
        assert self.function is not None
        return self.function(estimate, project)
