"""Results folders as text: a list of them, and one in detail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sim.errors import ResultsError
from sim.report.findings_text import filled, verdict_lines
from sim.runs.manifest import MANIFEST, Session
from sim.runs.results_folder import ResultsFolder
from sim.study.study import VERDICTS


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
    rows = [(path.name, *_line(path)) for path in folders]
    wide = [max(len(row[at]) for row in rows) for at in range(3)]
    return "\n".join("  ".join(f"{cell:<{w}}" for cell, w in zip(row, wide, strict=True)).rstrip() for row in rows)


def _line(path: Path) -> tuple[str, str]:
    try:
        folder = ResultsFolder.open(path)
    except ResultsError:
        return "damaged", f"intakelab verify {path}"
    verdicts = _verdicts(path)
    counts = {ruling: sum(row["verdict"] == ruling for row in verdicts["verdicts"]) for ruling in
              ("supported", "contradicted", "equivalent", "inconclusive")} if verdicts else {}  # fmt: skip
    said = ", ".join(f"{n} {ruling}" for ruling, n in counts.items() if n) or ("no hypotheses" if verdicts else "not finished")
    return f"{sum(folder.done.values())} replications, {len(folder.points)} design points", said


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
    verdicts = _verdicts(folder.path)
    if verdicts is None:
        return f"{text}\n\nNo verdicts yet: the run has not come to its end."
    said = "\n".join(filled(line, width) for line in verdict_lines(verdicts["verdicts"]))
    return f"{text}\n\n{verdicts['question']}\n{said}".rstrip()


def _took(session: Session) -> str:
    if session.ended is None:
        return "not ended (running, or killed)"
    return f"{session.replications} replications in {session.seconds:.0f} s, {session.ending}"


def _verdicts(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((path / VERDICTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
