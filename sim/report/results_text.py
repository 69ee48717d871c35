"""Results folders as text: a list of them, and one in detail."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import get_args

from sim.errors import ResultsError
from sim.report.findings_text import verdict_lines
from sim.report.grid import plain_table
from sim.report.phrases import filled
from sim.runs.manifest import MANIFEST, Session
from sim.runs.results_folder import ResultsFolder
from sim.study.verdict import Ruling
from sim.study.verdicts_file import Answer


def list_text(under: Path) -> str:
    """One line a results folder.

    Raises
    ------
    ResultsError
        Where there is none.
    """
    folders = sorted(path.parent for path in under.glob(f"*/{MANIFEST}"))
    if not folders:
        raise ResultsError(f"{under}: no results here; intakelab run EXPERIMENT makes some")
    return "\n".join(plain_table([(path.name, *_line(path)) for path in folders]))


def _line(path: Path) -> tuple[str, str]:
    try:
        folder = ResultsFolder.open(path)
    except ResultsError:
        return "damaged", f"intakelab verify {path}"
    return f"{sum(folder.done.values())} replications, {len(folder.points)} design points", _tally(path)


def _tally(path: Path) -> str:
    """How many verdicts there are of which kind."""
    try:
        answer = Answer.read(path)
    except ResultsError:
        return "verdicts damaged; run the experiment again"
    if answer is None:
        return "not finished"
    counts = Counter(verdict.ruling for verdict in answer.verdicts)
    return ", ".join(f"{counts[ruling]} {ruling}" for ruling in get_args(Ruling) if ruling in counts) or "no hypotheses"


def folder_text(folder: ResultsFolder, width: int) -> str:
    """What was asked, what is there, how it was made, and the verdicts."""
    sessions, done = folder.manifest.sessions, folder.done
    failures = folder.failures()
    lines = [
        f"{folder.path}",
        f"replications  {sum(done.values())} at {len(folder.points)} design points ({min(done.values())} to {max(done.values())} "
        f"each), seed {folder.origin.seed}",
        f"policies      {', '.join(name for name in folder.origin.policies if not name.startswith('('))}",
        f"scenarios     {', '.join(folder.origin.scenarios)}",
        f"failures      {len(failures)}",
        f"model         {folder.origin.model[:12]}, {', '.join(map(' '.join, folder.origin.engine.items()))}",
        f"sessions      {len(sessions)}",
        *(f"  {one.started}  {one.executor}, {_took(one)}" for one in sessions),
        "tables        " + (", ".join(sorted(path.stem for path in folder.path.glob("*.csv"))) or "none yet"),
    ]
    text = "\n".join(filled(line, width, "").replace("\n", "\n              ") for line in lines)
    answer = Answer.read(folder.path)
    if answer is None:
        return f"{text}\n\nNo verdicts yet: the run has not come to its end."
    said = "\n".join(filled(line, width) for line in verdict_lines(answer.verdicts))
    return f"{text}\n\n{answer.question}\n{said}".rstrip()


def _took(session: Session) -> str:
    if session.ended is None:
        return "not ended (running, or killed)"
    return f"{session.replications} replications in {session.seconds:.0f} s, {session.ending}"
