"""The scenario: every assumption about a project as one frozen, validated value.

Each field says what it means, its unit, range, default, off value (where it switches a mechanism) and source. Validation,
the JSON Schema, the register of assumptions and dotted overrides all come from here. Units: a *day* is a working day of
8 hours (5 a week, 21 a month, 65 a quarter); a *pd* is a person-day; money is in k€ (any currency, in thousands).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from sim import show
from sim.errors import ScenarioError
from sim.scenario.adoption import Adoption
from sim.scenario.assumption import NAMED, Frozen, Name
from sim.scenario.checks import check_consistency
from sim.scenario.customer import Customer
from sim.scenario.evaluation import Evaluation
from sim.scenario.innovation import Innovation
from sim.scenario.mechanisms import off_values
from sim.scenario.overrides import override
from sim.scenario.project import Project
from sim.scenario.relationship import Relationship
from sim.scenario.review import Review
from sim.scenario.team import Team, by_name
from sim.scenario.today import Today
from sim.scenario.understanding import Understanding
from sim.toml.shipped import find_file
from sim.toml.toml_file import read_model


class Scenario(Frozen):
    """A project worth comparing policies on.

    Attributes
    ----------
    customer, groups
        ``customer`` describes the customers in general. ``groups`` names several groups; each takes from ``customer`` whatever
        it does not say itself. Without groups there is one, called "customer".

    Examples
    --------
    >>> from sim import Scenario
    >>> ai = Scenario.load("ai-project")
    >>> ai.with_values({"customer.request_rate": 0.4}).customer.request_rate
    0.4
    """

    name: Name = Field(default="unnamed", description="a short name for tables and files", json_schema_extra=NAMED)
    title: str = Field(default="", max_length=200, description="one line for people", json_schema_extra=NAMED)
    project: Project = Project()
    team: Team = Team()
    customer: Customer = Customer()
    groups: Annotated[dict[Name, Customer], AfterValidator(by_name)] = Field(
        default={}, max_length=50, description="customer groups by name")
    relationship: Relationship = Relationship()
    evaluation: Evaluation = Evaluation()
    review: Review = Review()
    innovation: Innovation = Innovation()
    understanding: Understanding = Understanding()
    adoption: Adoption = Adoption()
    today: Today = Today()

    @model_validator(mode="after")
    def _fits_together(self) -> Scenario:
        check_consistency(self)
        return self

    def _repr_html_(self) -> str:
        return show.html(self)

    @property
    def customers(self) -> tuple[tuple[str, Customer], ...]:
        """The customer groups as (name, group) pairs, each completed from ``customer``."""
        if not self.groups:
            return (("customer", self.customer),)
        return tuple(
            (name, self.customer.model_copy(update={key: getattr(group, key) for key in group.model_fields_set}))
            for name, group in self.groups.items()
        )

    @property
    def judges(self) -> tuple[str, ...]:
        """Roles that each send one expert to judge a request."""
        return self.evaluation.judges or (self.team.workflow[0].role,)

    @property
    def build_cost(self) -> float:
        """What the workflow costs for a person-day of an item, in k€."""
        return math.fsum(stage.share * self.team.roles[stage.role].day_rate for stage in self.team.workflow)

    @property
    def bar(self) -> float:
        """What a requested person-day takes in all, in k€: a request is worth building where it is worth more."""
        return self.build_cost * (1.0 + self.evaluation.overhead)

    @classmethod
    def load(cls, source: str | Path, overrides: Mapping[str, Any] | None = None) -> Scenario:
        """Load a built-in scenario by name, or a TOML file by path.

        Parameters
        ----------
        source
            The name of a built-in scenario (``intakelab scenarios`` lists them) or the path of a TOML file.
        overrides
            Dotted keys with values that replace what the file says, for example ``{"team.switch_cost": 0.0}``.

        Raises
        ------
        ScenarioError
            With file, line, key, value and what is allowed.
        """
        scenario = read_model(find_file("scenarios", source, ScenarioError), cls, ScenarioError)
        return scenario.with_values(overrides) if overrides else scenario

    def with_values(self, overrides: Mapping[str, Any]) -> Scenario:
        """A copy with dotted keys replaced, validated again."""
        return override(self, overrides)

    def off(self) -> Scenario:
        """A copy with every mechanism at its off value: a textbook queue."""
        return self.with_values(off_values(self))

    def digest(self) -> str:
        """SHA-256 of the scenario's content; the same for files that say the same in other words."""
        content = self.model_dump(mode="json", exclude={"title", "customer", "groups"})
        content["customers"] = {name: group.model_dump(mode="json") for name, group in self.customers}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def scenario_from(source: Scenario | str | Path) -> Scenario:
    """A scenario from whatever means one: itself, the name of a built-in one, or the path of a file; see `Scenario.load`."""
    return source if isinstance(source, Scenario) else Scenario.load(source)
