"""The commands run and ledger: experiments. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failures import complain, complain_of_failed
from sim.cli.kinds import EXPERIMENTS, expecting
from sim.cli.options import JsonFlag, Plugins, Quiet, Workers, plan_of
from sim.cli.output import show, width
from sim.cli.progress import study_bar
from sim.errors import IntakeLabError
from sim.runs.limits import MOST_REPLICATIONS

Out = Annotated[Path | None, typer.Option(metavar="DIR", help="The results folder.  [default: results/NAME-HASH]")]
Each = Annotated[int | None, typer.Option(
    "--replications", "-n", min=2, max=MOST_REPLICATIONS, help="At each design point.  [default: as the file says]")]
QuickFlag = Annotated[bool, typer.Option("--quick", help="The file's quick number of replications; a full run later extends it.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://HOST:PORT, instead of processes.")]
RUN_EXAMPLES = """\b
Examples
  intakelab run customer-is-king --quick
  intakelab run experiments/feedback-loops.toml --workers 8
  intakelab run my.toml --plugin my_policies --out results/mine
  intakelab run my.toml --cluster tcp://10.0.0.1:8786
"""
commands = typer.Typer()


@commands.command(epilog=RUN_EXAMPLES)
def run(
    experiment: Annotated[str, typer.Argument(metavar="EXPERIMENT", help="A built-in experiment or a TOML file.")],
    replications: Each = None,
    quick: QuickFlag = False,
    workers: Workers = None,
    cluster: Cluster = None,
    plugin: Plugins = None,
    out: Out = None,
    retry: Annotated[bool, typer.Option("--retry-failed", help="Run again what failed before.")] = False,
    strict: Annotated[bool, typer.Option(
        "--strict", help="Exit code 1 unless every hypothesis is supported and no run failed.")] = False,
    json_: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Run an experiment, or go on with it, and say what became of its hypotheses."""
    if cluster is not None and workers is not None:
        raise IntakeLabError("--workers and --cluster are two places to work in; choose one")
    from sim.report.findings_text import report_text
    from sim.runs.into_folder import Stopped
    from sim.study.conduct import conduct, executor_of
    from sim.study.run_plan import HowMany, folder_of, others_of

    plan = plan_of(experiment, plugin)
    path = out or folder_of(plan)
    if not quiet and (said := others_of(plan, path)):
        complain(said)
    places, where = executor_of(workers, cluster)
    how_many = HowMany(replications, quick)
    try:
        with places as place, study_bar(plan.experiment.name, quiet) as tell:
            found = conduct(plan, path, place, how_many, where=where, command=shlex.join(["intakelab", *sys.argv[1:]]),
                            source=experiment, tell=tell, retry=retry)
    except Stopped as stop:
        complain(str(stop))
        raise typer.Exit(130) from None
    if json_:
        print(found.answer.to_json())
    else:
        show(report_text(found, width()))
        if not quiet:
            show(f"\nWritten: {path} (verdicts.json, report.txt, tables as CSV, every run as Parquet)")
            show("Next: " + shlex.join(["intakelab", "verify", str(path)]))
    complain_of_failed(found.failures)
    if strict and not found.supported:
        raise typer.Exit(1)


@commands.command()
def ledger(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of experiments.")] = Path("experiments"),
    quick: QuickFlag = False,
    workers: Workers = None,
    under: Annotated[Path, typer.Option("--results", metavar="DIR", help="Where the results folders are.")] = Path("results"),
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="[default: README.md in the folder of experiments]")] = None,
    only_write: Annotated[bool, typer.Option("--only-write", help="Run nothing: write what the results say already.")] = False,
    quiet: Quiet = False,
) -> None:
    """Run all experiments of a folder (or go on with them) and write the ledger of their verdicts."""
    from sim.report.ledger_page import conduct_all, experiment_files, write_ledger
    from sim.runs.into_folder import Stopped
    from sim.study.conduct import executor_of
    from sim.study.run_plan import HowMany

    places, where = executor_of(workers, None)
    command = shlex.join(["intakelab", *sys.argv[1:]])
    with expecting(EXPERIMENTS, str(folder)):
        experiment_files(folder)
    if not only_write:
        try:
            with places as place:
                for name, said in conduct_all(folder, under, place, HowMany(quick=quick), where=where, command=command,
                                              progress=lambda title: study_bar(title, quiet)):
                    show(f"{name}: {said}")
        except Stopped as stop:
            complain(str(stop))
            raise typer.Exit(130) from None
    target = out or folder / "README.md"
    write_ledger(folder, under, target, command="intakelab ledger" + (" --quick" if quick else ""))
    show(f"{target}: written.")
