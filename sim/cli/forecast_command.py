"""The command forecast: dates for what is open, from the log's own past. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.kinds import SCENARIO, TABLE, expecting
from sim.cli.options import JsonFlag, Quiet, repeated
from sim.cli.output import show, show_json, width

if TYPE_CHECKING:
    import pandas as pd

    from sim.fit.kept_log import KeptLog

SUFFIX = ".log.parquet"
HOURS_PER_DAY = 8.0  # of effort, which no forecast needs
EXAMPLES = """\b
Examples
  intakelab forecast my-project.toml                        the log that fit kept beside the scenario
  intakelab forecast tracker.csv --weeks 8 --items 20       when will 20 more be closed?
  intakelab forecast my-project.toml --backtest             how often would this have been right?
  intakelab forecast my-project.toml --refuse 0.3           three of ten get a no, read both ways
"""
commands = typer.Typer()


@commands.command(epilog=EXAMPLES)
def forecast(
    source: Annotated[Path, typer.Argument(
        metavar="SOURCE", help="A scenario that fit has written, the log beside it (.log.parquet), or a tracker's export.")],
    weeks: Annotated[int, typer.Option(min=1, max=52, help="How far to look.")] = 13,
    items: Annotated[int | None, typer.Option(
        min=1, max=100_000, help="Say by when so many more are closed, whichever they are.")] = None,
    as_of: Annotated[str | None, typer.Option(
        metavar="DATE", help="Use nothing after this day.  [default: the log's last]")] = None,
    backtest: Annotated[bool, typer.Option("--backtest", help="Forecast again at earlier moments of the log.")] = False,
    refuse: Annotated[float | None, typer.Option(
        min=0.0, max=1.0, help="Another policy: this share of what arrives gets a no at once.")] = None,
    map_: Annotated[list[str] | None, typer.Option(
        "--map", metavar="FIELD=COLUMN", help="What a column of an export says, as for intakelab fit.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Fixes the futures.")] = 1,
    json_: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Say by when what is open is closed, how many will be, and how often such a forecast was right on this log."""
    from sim.decide.forecast import forecast as forecast_of
    from sim.fit.as_of import parse_day
    from sim.report.forecast_text import forecast_json, forecast_text

    day = None if as_of is None else parse_day(as_of)
    found = forecast_of(
        log_of(source, map_ or [], day), weeks=weeks, items=items, as_of=day, with_backtest=backtest, refused=refuse, seed=seed)
    if json_:
        show_json(forecast_json(found))
        return
    show(forecast_text(found, width()))
    if not quiet:
        show("Next: " + _next(source, as_of, map_, backtest))


def _next(source: Path, as_of: str | None, mapping: list[str] | None, tested: bool) -> str:
    """The next command, ready to paste."""
    said = [str(source), *repeated("--map", mapping)]
    if not tested:
        day = [] if as_of is None else ["--as-of", as_of]
        return shlex.join(["intakelab", "forecast", *said, *day, "--backtest"])
    if source.suffix == ".toml" or source.name.endswith(SUFFIX):
        return shlex.join(["intakelab", "compare", str(source).replace(SUFFIX, ".toml")])
    return shlex.join(["intakelab", "fit", *said, "--team", "ROLE=PEOPLE", "--out", "my-project.toml"])


def log_of(source: Path, mapping: list[str], day: pd.Timestamp | None = None) -> KeptLog:
    """The log of a scenario, the log itself, or that of an export as it was known on a day."""
    from sim.errors import FitError
    from sim.fit.answers import Lists
    from sim.fit.as_of import known_by
    from sim.fit.bounds import LARGEST
    from sim.fit.clean import clean
    from sim.fit.columns import parse_map, recognise
    from sim.fit.kept_log import kept_of, log_beside, read_log
    from sim.fit.read import read_export
    from sim.toml.regular_file import read_regular

    if source.suffix == ".toml":
        with expecting(SCENARIO, str(source)):
            return log_beside(source)
    if source.name.endswith(SUFFIX):
        content = read_regular(source, LARGEST, FitError, "the log of a fitted scenario", "which no such log is")
        return read_log(content, str(source))
    with expecting(TABLE, str(source)):
        table = read_export(source)
        columns = recognise(table.table.columns, parse_map(mapping), table.name)
    lists = Lists([], [], columns.tracker)
    whole = kept_of(clean(table, columns, lists), HOURS_PER_DAY)
    if day is None or day >= whole.known_to:
        return whole
    return kept_of(known_by(day, lambda export: clean(export, columns, lists), table), HOURS_PER_DAY)
