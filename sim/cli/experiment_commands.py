"""The commands for experiments: run, verify, results, stress, ledger. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failures import complain
from sim.cli.options import MOST_REPLICATIONS, JsonFlag, Plugins, Quiet, Workers
from sim.cli.output import show, width
from sim.errors import IntakeLabError

if TYPE_CHECKING:
    from sim.study.findings import Findings

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A results folder, as intakelab run writes it.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="The results folder.  [default: results/NAME-HASH]")]
Each = Annotated[int | None, typer.Option(
    "--replications", "-n", min=2, max=MOST_REPLICATIONS, help="At each design point.  [default: as the file says]")]
QuickFlag = Annotated[bool, typer.Option("--quick", help="The file's quick number of replications; a full run later extends it.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://HOST:PORT, instead of processes.")]


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
    from sim.study.plan import plan_from
    from sim.study.plugin import load_plugins
    from sim.study.run_plan import Effort, folder_of, others_of

    plan = plan_from(experiment, load_plugins(plugin or []))
    path = out or folder_of(plan)
    if not quiet and (said := others_of(plan, path)):
        complain(said)
    places, where = executor_of(workers, cluster)
    effort = Effort(replications, quick)
    try:
        with places as place, _progress(plan.experiment.name, quiet) as tell:
            found = conduct(plan, path, place, effort, where=where, command=shlex.join(["intakelab", *sys.argv[1:]]),
                            source=experiment, tell=tell, retry=retry)  # fmt: skip
    except Stopped as stop:
        complain(str(stop))
        raise typer.Exit(130) from None
    if json_:
        print(json.dumps(found.to_json(), indent=2, ensure_ascii=False))
    else:
        show(report_text(found, width()))
        if not quiet:
            show(f"\nWritten: {path} (verdicts.json, report.txt, tables as CSV, every run as Parquet)")
            show("Next: " + shlex.join(["intakelab", "verify", str(path)]))
    _exit(found, strict)


def _exit(found: Findings, strict: bool) -> None:
    for _, failure in found.failures.head(5).iterrows():
        complain(f"failed in stage {failure['stage']}: {failure['error']}; to see it: {failure['command']}")
    if strict and not found.supported:
        raise typer.Exit(1)


def verify(
    folder: Folder,
    sample: Annotated[int, typer.Option(min=1, max=MOST_REPLICATIONS, help="How many replications to run again.")] = 20,
    plugin: Plugins = None,
) -> None:
    """Check a results folder: its manifest, texts, design and parts by their hashes, and sampled replications run again."""
    from sim.errors import DamageError
    from sim.runs.results_folder import ResultsFolder
    from sim.study.conduct import check_results

    try:
        kept = ResultsFolder.open(folder)
        found = check_results(kept, sample, plugin or [])
    except DamageError as error:
        complain(str(error))
        raise typer.Exit(1) from None
    again = found.again
    for one in found.damaged:
        complain(f"{one.span} is {one.kind}")
    for line in found.altered:
        complain(f"not what the results were made of: {line}")
    for line in found.changed:
        complain(f"not as when the results were made: {line}")
    for other in again.differences[:10]:
        complain(f"point {other.point}, replication {other.replication}, {other.policy}, {other.metric or 'the run'}: "
                 f"{other.stored!r} is kept, {other.again!r} came out")  # fmt: skip
    if found.damaged:
        complain(f"{folder}: {len(found.damaged)} damaged parts; run the experiment again, only these are run")
    elif not again.close:
        complain(f"{folder}: {len(again.differences)} numbers differ in {len(again.checked)} replications")
    if not found.passed:
        raise typer.Exit(1)
    who = "some worker" if found.alike else "the machine that made the results"
    same = "every number is the same to the last bit" if again.identical else (
        f"every fate is the same and every number within 1e-12; {len(again.differences)} differ in their last bits, for the C "
        f"library of {who} calculates otherwise than the one here")
    show(f"{folder}: all {len(kept.spans)} parts are whole; {len(again.checked)} of {sum(kept.done.values())} replications were "
         f"run again, {same}.")  # fmt: skip


def results(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A results folder, or a folder of them.")] = Path("results"),
    sql: Annotated[str | None, typer.Option(
        "--sql", metavar="QUERY", help="Ask DuckDB; the tables are runs, points and failures.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="With --sql: print CSV.")] = False,
) -> None:
    """List results, summarise a folder of them, or ask it in SQL."""
    from sim.report.results_text import folder_text, list_text
    from sim.runs.manifest import MANIFEST
    from sim.runs.results_folder import ResultsFolder

    if (folder / MANIFEST).exists():
        kept = ResultsFolder.open(folder)
        if sql is None:
            show(folder_text(kept, width()))
        else:
            answer = kept.sql(sql)
            print(answer.to_csv(index=False), end="") if csv else show(answer.to_string(index=False))
    elif sql is not None:
        raise IntakeLabError(f"{folder}: no results folder; --sql asks a single one")
    else:
        show(list_text(folder))


def stress(
    folder: Folder,
    plugin: Plugins = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file.")] = None,
) -> None:
    """Fill in the STRESS-DES reporting checklist for a study; what only you can know is marked."""
    from sim.report.stress import stress_report
    from sim.runs.results_folder import ResultsFolder
    from sim.study.conduct import plan_of_results

    kept = ResultsFolder.open(folder)
    kept.need_whole()
    plan, manifest = plan_of_results(kept, plugin or []), kept.manifest.model_dump(mode="json")
    text = stress_report(plan.experiment, plan.scenarios, plan.policies, kept.points, manifest, kept.done)
    if out is None:
        print(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise IntakeLabError(f"{out}: cannot be written ({error.strerror or error})") from None
    show(f"{out}: written.")


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
    from sim.report.ledger_page import conduct_all, write_ledger
    from sim.runs.into_folder import Stopped
    from sim.study.conduct import executor_of
    from sim.study.run_plan import Effort

    places, where = executor_of(workers, None)
    command = shlex.join(["intakelab", *sys.argv[1:]])
    if not only_write:
        try:
            with places as place:
                for name, said in conduct_all(folder, under, place, Effort(quick=quick), where=where, command=command,
                                              progress=lambda title: _progress(title, quiet)):  # fmt: skip
                    show(f"{name}: {said}")
        except Stopped as stop:
            complain(str(stop))
            raise typer.Exit(130) from None
    target = out or folder / "README.md"
    write_ledger(folder, under, target, command="intakelab ledger" + (" --quick" if quick else ""))
    show(f"{target}: written.")


def _progress(title: str, quiet: bool):  # type: ignore[no-untyped-def]
    from sim.cli.progress import study_bar

    return study_bar(title, quiet)


RUN_EXAMPLES = """\b
Examples
  intakelab run customer-is-king --quick
  intakelab run experiments/feedback-loops.toml --workers 8
  intakelab run my.toml --plugin my_policies --out results/mine
  intakelab run my.toml --cluster tcp://10.0.0.1:8786
"""
RESULTS_EXAMPLES = """\b
Examples
  intakelab results
  intakelab results results/customer-is-king-0123456789
  intakelab results results/customer-is-king-0123456789 --sql "SELECT policy, avg(delay) FROM runs GROUP BY policy"
"""


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command(epilog=RUN_EXAMPLES)(run)
    app.command()(verify)
    app.command(epilog=RESULTS_EXAMPLES)(results)
    app.command()(stress)
    app.command()(ledger)
