"""The commands that list what there is: scenarios, policies, experiments, metrics, assumptions."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.options import JsonFlag, Settings, scenario_of
from sim.cli.output import show, show_json, width
from sim.errors import IntakeLabError

Names = Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Only these.  [default: all]")]
commands = typer.Typer()


@commands.command()
def metrics(names: Names = None) -> None:
    """List every measure: its unit, which way is better, and what it is."""
    from sim.report.listing import metrics_text

    show(metrics_text(width(), names or ()))


@commands.command()
def experiments() -> None:
    """List the built-in experiments."""
    from sim.report.listing import experiments_text

    show(experiments_text(width()) + "\n\nNext: intakelab run customer-is-king --quick")


@commands.command()
def scenarios() -> None:
    """List the built-in scenarios."""
    from sim.report.listing import scenarios_text

    show(scenarios_text(width()) + "\n\nNext: intakelab compare classroom")


@commands.command()
def policies(names: Names = None, json_: JsonFlag = False) -> None:
    """List the built-in policies and their parts."""
    from sim.report.listing import policies_json, policies_text

    if json_:
        show_json(policies_json(names or ()))
    else:
        show(policies_text(width(), names or ()))
        show("\nNext: intakelab compare --policy always-accept --policy co-evaluated:days=10")


@commands.command()
def assumptions(
    scenario: Annotated[str | None, typer.Argument(help="With the values of this scenario.")] = None,
    set_: Settings = None,
    json_: JsonFlag = False,
) -> None:
    """List every assumption with its source.

    And with unit, range, off value, and how far it can be trusted.
    """
    from sim.report.assumptions_text import assumptions_json, assumptions_text

    if set_ and scenario is None:
        raise IntakeLabError("--set changes a scenario; name one: intakelab assumptions ai-project --set KEY=VALUE")
    project = scenario_of(scenario, set_) if scenario is not None else None
    if json_:
        show_json(assumptions_json(project))
    else:
        show(assumptions_text(width(), project))
