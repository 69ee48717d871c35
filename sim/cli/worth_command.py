"""The command worth: what to find out before one chooses a policy. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.failures import complain
from sim.cli.options import (
    JsonFlag,
    Plugins,
    Policies,
    Quiet,
    ScenarioName,
    Seed,
    Settings,
    Workers,
    policies_of,
    repeated,
    scenario_of,
)
from sim.cli.output import show, show_json, width
from sim.cli.progress import progress_bar
from sim.errors import IntakeLabError

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_ROWS = 100_000
EXAMPLES = """\b
Examples
  intakelab worth ai-project --quick
  intakelab worth my-project.toml --policy always-accept --policy best.toml
  intakelab worth my-project.toml --rows 10000 --cluster tcp://10.0.0.1:8786
"""
commands = typer.Typer()


@commands.command(epilog=EXAMPLES)
def worth(
    scenario: ScenarioName = "ai-project",
    policy: Policies = None,
    goal: Annotated[str, typer.Option(metavar="MEASURE", help="What the choice is made by.  [default: net benefit, of a stream a "
                                                              "month]")] = "",
    quick: Annotated[bool, typer.Option("--quick", help="A first look, in a fifth of the time.")] = False,
    rows: Annotated[int | None, typer.Option(
        min=100, max=MOST_ROWS, help="Worlds that are drawn from what is not known.  [default: 5000, quick 1000]")] = None,
    seed: Seed = 1,
    set_: Settings = None,
    workers: Workers = None,
    cluster: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler instead of processes.")] = None,
    results: Annotated[Path | None, typer.Option(
        "--results", metavar="DIR", help="Where runs are kept.  [default: results/worth-NAME-HASH]")] = None,
    plugin: Plugins = None,
    details: Annotated[bool, typer.Option("--details", help="All that is not known, one by one.")] = False,
    json_: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Say what to find out first: what it is worth to know each assumption before you choose a policy.

    Policies by default: all, of which the best few of a first look go on. A scenario that intakelab fit wrote is read with its
    draws. What was done is kept: after Ctrl-C the same command goes on, and more --rows extend it.
    """
    if cluster is not None and workers is not None:
        raise IntakeLabError("--workers and --cluster are two places to work in; choose one")
    from sim.decide.priors import priors_of
    from sim.decide.worth import QUICK, Inquiry, origin_of, points_of
    from sim.decide.worth import worth as find_worth
    from sim.report.worth_text import worth_json, worth_text
    from sim.runs.into_folder import Stopped
    from sim.runs.results_folder import ResultsFolder, folder_name
    from sim.study.conduct import executor_of

    project, chosen = scenario_of(scenario, set_), policies_of(policy, plugin)
    priors = priors_of(project, _fitted(scenario, project))
    base = QUICK if quick else Inquiry()
    inquiry = replace(base, goal=goal, policies=tuple(chosen) if chosen else None, seed=seed, rows=rows or base.rows)
    path = results or Path("results") / folder_name(f"worth-{project.name}", project.digest(), inquiry.digest(project, priors))
    places, where = executor_of(workers, cluster)
    command = shlex.join(["intakelab", *sys.argv[1:]])
    try:
        with places as place, progress_bar(1, f"{project.name}: worlds", quiet) as progress, ResultsFolder.writing(
                path, origin_of(project, inquiry, priors), points_of(project), executor=where, command=command,
                texts={}) as folder:
            found = find_worth(project, inquiry, priors, executor=place, folder=folder, progress=progress)
    except Stopped as stop:
        complain(str(stop).replace("replications", "worlds"))
        raise typer.Exit(130) from None
    if json_:
        show_json(worth_json(found))
        return
    show(worth_text(found, width(), details))
    if not quiet:
        failed = f" ({found.failed} more had no number and are left out)" if found.failed else ""
        show(f"\n{found.rows} worlds drawn from {len(priors.keys)} things that are not known{failed}. Written: {path}")
        names = list(dict.fromkeys((found.robust, found.at_base, *(one.policy for one in found.options))))[:2]
        texts = dict(zip((one.name for one in chosen or ()), policy or (), strict=True))
        named = [part for name in names for part in ("--policy", texts.get(name, name))]
        show("Next: " + shlex.join(["intakelab", "compare", scenario, *repeated("--set", set_), *repeated("--plugin", plugin),
                                    *named, "--seed", str(seed + 1)]))


def _fitted(source: str, project: Scenario) -> list[dict[str, Any]]:
    """The draws that lie beside a fitted scenario; none where there are none."""
    from sim.report.doubts_text import draws_beside
    from sim.study.inputs import read_draws

    if not Path(source).with_suffix(".draws.csv").is_file():
        return []
    return read_draws(draws_beside(source), project)
