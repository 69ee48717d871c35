"""The command tune: each family of policies at its best settings in one scenario. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failures import complain
from sim.cli.options import JsonFlag, Quiet, ScenarioName, Seed, Settings, Workers, repeated, scenario_of
from sim.cli.output import show, show_json, width, write_text
from sim.cli.progress import progress_bar
from sim.errors import IntakeLabError

EXAMPLES = """\b
Examples
  intakelab tune ai-project --quick
  intakelab tune my-project.toml --require 'on_time>=0.8' --out best.toml
  intakelab tune my-project.toml --policy change-board --policy value-ranked --goal lead_time_delivered
"""
commands = typer.Typer()


@commands.command(epilog=EXAMPLES)
def tune(
    scenario: ScenarioName = "ai-project",
    goal: Annotated[str, typer.Option(metavar="MEASURE", help="What is made best.  [default: net benefit, of a stream a "
                                                              "month]")] = "",
    require: Annotated[list[str] | None, typer.Option(
        metavar="'MEASURE>=N'", help="What must be kept, by the lower bound of its mean. Repeat for more.")] = None,
    policy: Annotated[list[str] | None, typer.Option(
        "--policy", "-p", metavar="NAME", help="Tune only these built-in policies. Repeat for more.  [default: all]")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A first look, in a third of the time.")] = False,
    indifference: Annotated[float, typer.Option(
        min=0.0, help="Difference not worth telling apart, in the goal's unit.  [default: a twentieth of the gain]")] = 0.0,
    report: Annotated[int | None, typer.Option(
        "--replications", "-n", min=20, max=10_000, help="Replications of the report.  [default: 200, quick 50]")] = None,
    seed: Seed = 1,
    set_: Settings = None,
    workers: Workers = None,
    cluster: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler instead of processes.")] = None,
    results: Annotated[Path | None, typer.Option(
        "--results", metavar="DIR", help="Where runs are kept.  [default: results/tune-NAME-HASH]")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the policy here.")] = None,
    details: Annotated[bool, typer.Option("--details", help="The runs of each stage too.")] = False,
    json_: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Find the settings under which each policy does best, and say what the best of them brings.

    What was done is kept: after Ctrl-C the same command goes on.
    """
    if cluster is not None and workers is not None:
        raise IntakeLabError("--workers and --cluster are two places to work in; choose one")
    from sim.decide.requirement import requirement
    from sim.decide.tuning import QUICK, Tuning, origin_of, points_of
    from sim.decide.tuning import tune as tune_policies
    from sim.report.tuned_text import tuned_json, tuned_text
    from sim.runs.into_folder import Stopped
    from sim.runs.results_folder import ResultsFolder, folder_name
    from sim.study.conduct import executor_of

    if out is not None and out.exists():
        raise IntakeLabError(f"{out}: exists already; intakelab tune overwrites nothing")
    project = scenario_of(scenario, set_)
    base = QUICK if quick else Tuning()
    tuning = replace(
        base, goal=goal, require=tuple(map(requirement, require or ())), families=tuple(policy or base.families), seed=seed,
        indifference=indifference, report=report or base.report)
    path = results or Path("results") / folder_name(f"tune-{project.name}", project.digest(), tuning.digest())
    places, where = executor_of(workers, cluster)
    command = shlex.join(["intakelab", *sys.argv[1:]])
    try:
        with places as place, progress_bar(1, f"{project.name}: runs", quiet) as progress, ResultsFolder.writing(
                path, origin_of(project, tuning), points_of(project, tuning), executor=where, command=command,
                texts={}) as folder:
            found = tune_policies(project, tuning, executor=place, folder=folder, progress=progress)
    except Stopped as stop:
        complain(str(stop).replace("replications", "runs"))
        raise typer.Exit(130) from None
    if out is not None:
        write_text(out, found.policy_text())
    if json_:
        show_json(tuned_json(found))
        return
    show(tuned_text(found, width(), details))
    if not quiet:
        shown = str(out) if out is not None else found.policy.name
        written = f"{out} (the policy), " if out is not None else ""
        show(f"{found.search_runs} runs searched, {tuning.report} fresh replications reported. Written: {written}{path}")
        show("Next: " + shlex.join(["intakelab", "compare", scenario, *repeated("--set", set_), "--policy", shown, "--policy",
                                    found.reference, "--reference", found.reference, "--seed", str(seed + 1)]))
