"""The command fit: from a tracker's export to a scenario. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.kinds import TABLE, expecting
from sim.cli.options import JsonFlag, Quiet
from sim.cli.output import show, show_json, width, write_bytes, write_text
from sim.errors import IntakeLabError
from sim.fit.trackers import NAMES

if TYPE_CHECKING:
    from sim.fit.clean import Log
    from sim.fit.fit import Fit
    from sim.fit.read import Export

MOST_DRAWS = 10_000
SUFFIX = ".log.parquet"
Words = Annotated[str | None, typer.Option(metavar="WORD,...", help="Resolutions or statuses that mean this, before the known "
                                                                    "ones.")]
EXAMPLES = """\b
Examples
  intakelab fit tracker.csv --team developer=4,tester=2 --out my-project.toml
  intakelab fit tracker.csv --team developer=5 --map created="Opened at" --map resolved="Closed at" --map effort_hours=Hours
  intakelab fit tracker.csv --team developer=5 --accepted Shipped --rejected "Not now,No" --json > fit.json
"""
commands = typer.Typer()


@commands.command(epilog=EXAMPLES)
def fit(
    export: Annotated[Path, typer.Argument(
        metavar="EXPORT", help="CSV, Excel (.xlsx), Parquet, JSON or a saved web table; known are "
                               f"{', '.join(NAMES)}, others need --map.")],
    team: Annotated[str, typer.Option(metavar="ROLE=PEOPLE,...", help="Who works on the requests, in the order of the work.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the scenario here, its bootstrap draws and the log "
                                                                  "(days, answers, efforts) beside it.")] = None,
    map_: Annotated[list[str] | None, typer.Option(
        "--map", metavar="FIELD=COLUMN", help="What a column says: created, resolved, decided, started, status, outcome, key, "
                                              "reopened, repository, pull, updated, "
        "effort_hours, estimate_hours (or _seconds, _milliseconds, _days). Repeat for more; a field in two columns is named "
        "twice.")] = None,
    accepted: Words = None,
    rejected: Words = None,
    still_open: Words = None,
    empty: Annotated[str | None, typer.Option(
        metavar="WORD,...", help="Words that mean that there is nothing, beside NA, NULL, - and the like.")] = None,
    day_first: Annotated[bool | None, typer.Option(
        "--day-first/--month-first", help="How to read 03/04/2024.  [default: found out from the dates]")] = None,
    as_of: Annotated[str | None, typer.Option(
        metavar="DATE", help="The log as it was known at the end of that day (2024-01-31): what came later is left out.")] = None,
    hours_per_day: Annotated[float, typer.Option(min=1.0, max=24.0, help="Hours of effort in a person-day.")] = 8.0,
    draws: Annotated[int, typer.Option(min=20, max=MOST_DRAWS, help="Bootstrap draws.")] = 200,
    replications: Annotated[int, typer.Option(
        "--replications", "-n", min=0, max=1000, help="Of the fitted scenario beside the log; 0 for none.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Fixes the draws and the replications.")] = 1,
    details: Annotated[bool, typer.Option("--details", help="All that was read and fitted, with all warnings.")] = False,
    json_: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Fit a scenario to a tracker's export, with intervals, and say what the export cannot tell."""
    from sim.fit.answers import Lists
    from sim.fit.as_of import known_by, parse_day
    from sim.fit.clean import check_answers, clean
    from sim.fit.columns import parse_map, recognise
    from sim.fit.fit import fit_log, parse_team
    from sim.fit.read import read_export
    from sim.fit.replay import replay
    from sim.report.fit_brief import brief_text
    from sim.report.fit_text import fit_json, fit_text, found_text, replay_text

    people, mapping = parse_team(team), parse_map(map_ or [])
    for path in _written(out):
        if path.exists():
            raise IntakeLabError(f"{path}: exists already; intakelab fit overwrites nothing")
    with expecting(TABLE, str(export)):
        table = read_export(export, _words(empty))
        columns = recognise(table.table.columns, mapping, table.name)
    lists = Lists(_words(accepted), _words(rejected), columns.tracker, _words(still_open))

    def read(export: Export) -> Log:
        return clean(export, columns, lists, day_first=day_first, hours_per_day=hours_per_day)

    log = read(table) if as_of is None else known_by(parse_day(as_of), read, table)
    check_answers(log)
    if details and not json_:
        show(found_text(log, width()))
    found = fit_log(log, people, hours_per_day=hours_per_day, draws=draws, seed=seed)
    if details and not json_:
        show(fit_text(found, width()))
    if out is not None:
        _write(out, found)
    beside = replay(found, replications, seed) if replications else None
    if json_:
        show_json(fit_json(found, beside))
    elif not details:
        show(brief_text(found, beside, width()))
    elif beside is not None:
        show(replay_text(beside, width()))
    if out is not None and not (json_ or quiet):
        show(f"\nWritten: {', '.join(map(str, _written(out)))}")
        show("Next: " + shlex.join(["intakelab", "check", str(out)]) + " && " + shlex.join(["intakelab", "compare", str(out)]))


def _words(text: str | None) -> list[str]:
    return [word for word in (text or "").split(",") if word.strip()]


def _written(out: Path | None) -> list[Path]:
    return [] if out is None else [out, out.with_suffix(".draws.csv"), out.with_suffix(SUFFIX)]


def _write(out: Path, found: Fit) -> None:
    from sim.fit.fitted_scenario import scenario_text
    from sim.fit.kept_log import comment_of, kept_of, log_bytes

    scenario, parameters, log = _written(out)
    content = log_bytes(kept_of(found.log, found.hours_per_day))
    text = scenario_text(found, out.stem, comment_of(log.name, content))
    table = found.parameter_draws().to_csv(index=False, float_format="%.6g")
    write_text(scenario, text)
    write_text(parameters, table)
    write_bytes(log, content)
