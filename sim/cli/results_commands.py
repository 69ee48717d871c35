"""The commands results, verify and stress: folders that intakelab run has written. Parses, calls, prints; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failures import complain
from sim.cli.kinds import RESULTS, expecting
from sim.cli.options import Plugins, results_in
from sim.cli.output import show, width, write_text
from sim.errors import IntakeLabError
from sim.runs.limits import MOST_REPLICATIONS
from sim.toml.harmless import csv_frame, printable

if TYPE_CHECKING:
    import pandas as pd

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="A results folder, as intakelab run writes it.")]
RESULTS_EXAMPLES = """\b
Examples
  intakelab results
  intakelab results results/customer-is-king-0123456789
  intakelab results results/customer-is-king-0123456789 --sql "SELECT policy, avg(delay) FROM runs GROUP BY policy"
"""
MOST_SHOWN = 10_000  # rows of a table in the terminal
commands = typer.Typer()


@commands.command()
def verify(
    folder: Folder,
    sample: Annotated[int, typer.Option(min=1, max=MOST_REPLICATIONS, help="How many replications to run again.")] = 20,
    plugin: Plugins = None,
) -> None:
    """Check a results folder: its manifest, texts, design and parts by their hashes, and sampled replications run again."""
    from sim.errors import DamageError
    from sim.study.conduct import check_results

    try:
        kept = results_in(folder)
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
                 f"{other.stored!r} is kept, {other.again!r} came out")
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
         f"run again, {same}.")


@commands.command(epilog=RESULTS_EXAMPLES)
def results(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A results folder, or a folder of them.")] = Path("results"),
    sql: Annotated[str | None, typer.Option(
        "--sql", metavar="QUERY", help="Ask DuckDB; the tables are runs, points and failures.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="With --sql: print CSV.")] = False,
) -> None:
    """List results, summarise a folder of them, or ask it in SQL."""
    from sim.report.results_text import folder_text, list_text
    from sim.runs.manifest import MANIFEST

    if folder.is_file() or (folder / MANIFEST).exists():
        kept = results_in(folder)
        if sql is None:
            show(folder_text(kept, width()))
        else:
            _show_answer(kept.sql_pieces(sql), csv)
    elif sql is not None:
        raise IntakeLabError(f"{folder}: no results folder; --sql asks a single one")
    else:
        with expecting(RESULTS, str(folder)):
            show(list_text(folder))


def _show_answer(answer: Iterator[pd.DataFrame], csv: bool) -> None:
    """CSV as it comes, however long; a table only as far as somebody could read it."""
    from sim.runs.sql import whole

    if not csv:
        show(whole(answer, MOST_SHOWN).to_string(index=False))
        return
    for at, piece in enumerate(answer):
        print(csv_frame(piece).to_csv(index=False, header=at == 0), end="")


@commands.command()
def stress(
    folder: Folder,
    plugin: Plugins = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file.")] = None,
) -> None:
    """Fill in the STRESS-DES reporting checklist for a study; what only you can know is marked."""
    from sim.report.stress import stress_report
    from sim.study.conduct import plan_of_results

    kept = results_in(folder)
    kept.need_whole()
    plan, manifest = plan_of_results(kept, plugin or []), kept.manifest.model_dump(mode="json")
    text = printable(stress_report(plan.experiment, plan.scenarios, plan.policies, kept.points, manifest, kept.done))
    if out is None:
        show(text)
        return
    write_text(out, text + "\n")
    show(f"{out}: written.")
