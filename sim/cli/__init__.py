"""The command line: parses, calls, prints; decides nothing.

Nothing heavy is imported before a command needs it: the help must be there at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sim.cli import (
    comparison_commands,
    experiment_commands,
    file_commands,
    fit_command,
    forecast_command,
    help_command,
    list_commands,
    play_command,
    report_command,
    results_commands,
    tune_command,
)
from sim.cli.failures import guarded

EXAMPLES = """\b
Examples
  intakelab compare                                   all policies on the built-in AI project
  intakelab compare calm-water --replications 200     where accepting everything does well
  intakelab compare --policy always-accept --policy change-board:days=20 --set customer.request_rate=0.5
  intakelab compare xit-after --json > xit.json       for other programs
  intakelab explain classroom --policy always-accept --policy co-evaluated --replication 3
  intakelab play classroom                            answer the requests yourself
  intakelab run customer-is-king --quick              a question with hypotheses, and its verdicts
  intakelab fit tracker.csv --team developer=4 --out my-project.toml
  intakelab tune my-project.toml --out best.toml      each family of policies at its best settings
  intakelab report my-project.toml --out decision.html
  intakelab new my-project.toml && intakelab check my-project.toml && intakelab compare my-project.toml
"""

app = typer.Typer(
    help="What does each way of answering customer requests do to delay, cost and innovation?", epilog=EXAMPLES,
    invoke_without_command=True, add_completion=False, rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]})
for noun in (comparison_commands, play_command, file_commands, list_commands, experiment_commands, results_commands, fit_command,
             forecast_command, tune_command, report_command, help_command):
    app.registered_commands += noun.commands.registered_commands


def _version(wanted: bool) -> None:
    if wanted:
        from sim.version import __version__

        print(f"intakelab {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """The command ``intakelab``."""
    sys.exit(guarded(lambda: app(standalone_mode=False, prog_name="intakelab")))
