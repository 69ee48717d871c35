"""The report as files: the page, its pictures and tables beside it, and a PDF where a browser is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.errors import IntakeLabError
from sim.report.page_tables import tables
from sim.report.pictures import pictures
from sim.runs.whole_files import write_whole
from sim.toml.harmless import csv_frame

if TYPE_CHECKING:
    from sim.report.gathered import Evidence

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell")
PATIENCE = 120  # seconds that a browser has


def check_target(path: Path) -> None:
    """Refuse a place that cannot be written before a minute is spent on what goes there."""
    if path.is_dir():
        raise IntakeLabError(f"{path}: is a folder; a file name is needed, such as {path / 'decision.html'}")
    if not path.parent.is_dir():
        raise IntakeLabError(f"{path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise IntakeLabError(f"{path}: the folder {path.parent} may not be written to")


def write_figures(folder: Path, evidence: Evidence) -> list[Path]:
    """Each picture as SVG and PNG, each table as CSV."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise IntakeLabError(f"{folder}: cannot be made ({error.strerror or error})") from None
    written = []
    for picture in pictures(evidence).values():
        for kind in ("svg", "png"):
            path = folder / f"{picture.name}.{kind}"
            write_whole(path, picture.bytes(kind))
            written.append(path)
    for table in tables(evidence).values():
        path = folder / f"{table.name}.csv"
        frame = csv_frame(pd.DataFrame(list(table.rows), columns=list(table.columns)))
        write_whole(path, frame.to_csv(index=False, lineterminator="\n").encode("utf-8"))
        written.append(path)
    return written


def browser() -> str | None:
    """A Chromium on the PATH, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def need_browser() -> str:
    """A Chromium on the PATH.

    Raises
    ------
    IntakeLabError
        Where there is none.
    """
    found = browser()
    if found is None:
        raise IntakeLabError(
            "--pdf needs Chromium or Chrome on the PATH, and there is none; open the HTML file in any browser and print it to PDF")
    return found


def write_pdf(page: Path, target: Path) -> None:
    """Print a page to PDF by a headless browser."""
    program = need_browser()
    with tempfile.TemporaryDirectory() as home:
        made = Path(home) / "page.pdf"
        command = [program, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={home}/profile",
                   "--no-pdf-header-footer", f"--print-to-pdf={made}", page.resolve().as_uri()]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses to run as root otherwise; the page has no script and no network
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
            content = made.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise IntakeLabError(f"{target}: {program} could not print the page ({type(error).__name__}); the page itself is fine: "
                                 f"{page}") from None
    write_whole(target, content)
