"""Every assumption about a project, one file a group; what is derived from them; from a name or a file to a scenario."""

from sim.scenario.adoption import Adoption
from sim.scenario.assumption import Frozen, Name
from sim.scenario.customer import Customer
from sim.scenario.evaluation import Evaluation
from sim.scenario.innovation import Innovation
from sim.scenario.project import Project
from sim.scenario.relationship import Relationship
from sim.scenario.review import Review
from sim.scenario.scenario import Scenario, scenario_from
from sim.scenario.team import Role, Stage, Team
from sim.scenario.today import Today
from sim.scenario.understanding import Understanding

__all__ = [
    "Adoption", "Customer", "Evaluation", "Frozen", "Innovation", "Name", "Project", "Relationship", "Review", "Role", "Scenario",
    "Stage", "Team", "Today", "Understanding", "scenario_from",
]
