"""What a stream of requests asks of everybody: each role, and each customer group's representatives. What binds is the largest.

Expected values, no simulation: queues, bunches and pressure are not in it. A load above 1 grows a backlog without end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.model.calendar import HOURS
from sim.scenario import Customer, Scenario

DESK = "the customer's hours"
"""What a project without named groups calls its representatives' time."""
BINDS = 0.95
"""From this load on a limit is what holds a project back: there is next to no time left over."""
IDEAS_BUILT = 1.0 / 3.0
"""Of ideas, about so many are worth building by default."""


@dataclass(frozen=True)
class Load:
    """What is asked of somebody: person-days a day that are needed, and that there are."""

    who: str
    need: float
    there: float

    @property
    def load(self) -> float:
        """Needed over there."""
        return self.need / self.there


def loads(scenario: Scenario, yes: float, judged: bool = False) -> tuple[Load, ...]:
    """The loads of a scenario in which a share of the requests gets a yes.

    Parameters
    ----------
    scenario
        A stream; planned scope is not counted.
    yes
        Share of requests that are admitted, mandatory ones included.
    judged
        Whether customer and experts judge each request together, one by one, at the price of that.

    Examples
    --------
    >>> [load.who for load in loads(Scenario(), 1.0)]
    ['developer', "the customer's hours"]
    """
    asked = {name: customer.request_rate * (1.0 + customer.appetite * yes) for name, customer in scenario.customers}
    admitted = {name: rate * yes for name, rate in asked.items()}
    visits = {name: 1.0 + mends(scenario, customer) for name, customer in scenario.customers}
    work = sum(admitted[name] * mean_effort(customer) * (1.0 + (visits[name] - 1.0) * scenario.review.rework_share)
               for name, customer in scenario.customers)
    reviews = {name: admitted[name] * visits[name] for name in asked}
    meetings = scenario.review.meeting_hours / scenario.review.cadence if scenario.review.cadence > 0.0 else 0.0
    found = []
    for role, people in scenario.team.roles.items():
        need = (work + _ideas(scenario)) * sum(stage.share for stage in scenario.team.workflow if stage.role == role)
        hours = (scenario.review.team_hours * sum(reviews.values()) + meetings) * (scenario.team.workflow[-1].role == role)
        if judged and role in scenario.judges:
            hours += scenario.evaluation.expert_hours * scenario.evaluation.charged * sum(asked.values())
        kept = scenario.innovation.exploration_share
        found.append(Load(role, need / (1.0 - kept) + hours / HOURS, people.headcount))
    for name, customer in scenario.customers:
        hours = scenario.review.customer_hours * reviews[name] + meetings
        hours += scenario.evaluation.customer_hours * asked[name] if judged else 0.0
        who = f"{DESK} ({name})" if scenario.groups else DESK
        found.append(Load(who, hours / HOURS, customer.representatives * customer.hours_per_week / 40.0))
    return tuple(found)


def heaviest(found: tuple[Load, ...]) -> Load:
    """What binds first."""
    return max(found, key=lambda load: load.load)


def mean_effort(customer: Customer) -> float:
    """Mean effort of a request in person-days."""
    return customer.effort_median * math.exp(customer.effort_sigma**2 / 2.0)


def mends(scenario: Scenario, customer: Customer) -> float:
    """Times that a request is mended on average, by defect or misunderstanding; what cannot be built is not mended."""
    chance = 1.0 - (1.0 - scenario.team.defect_rate) * (1.0 - customer.ambiguity)
    again = min(chance * scenario.review.repeat_failure, 0.95)
    most = min(scenario.review.max_rework, 50)
    return chance * sum(again**time for time in range(most))



def _ideas(scenario: Scenario) -> float:
    """Person-days a day that go into building ideas: those raised by the experts, as far as they speak up and are believed."""
    terms = scenario.innovation
    people = sum(role.headcount for role in scenario.team.roles.values())
    voice = 1.0 - terms.silence * (1.0 - scenario.relationship.voice_start)
    raised = people * terms.exploration_share * terms.idea_rate * voice
    return raised * IDEAS_BUILT * terms.idea_effort * math.exp(terms.idea_sigma**2 / 2.0)
