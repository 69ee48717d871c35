"""The log as it was known on a day: what happened later changes nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.cli import app
from sim.cli.failures import guarded
from sim.errors import FitError
from sim.fit.as_of import parse_day
from sim.fit.kept_log import log_beside
from tests.fit.exports import HADOOP

DAY = "2021-05-31"
CREATED, RESOLVED = "Created", "Resolved"


def fitted(table: pd.DataFrame, folder, capsys, *words: str) -> tuple[str, dict[str, bytes]]:
    """What is printed, and what is written, of an export."""
    folder.mkdir()
    table.to_csv(folder / "log.csv", index=False)
    said = ["fit", str(folder / "log.csv"), "--team", "developer=4", "--as-of", DAY, "--draws", "20", "-n", "2", *words]
    assert guarded(lambda: app([*said, "--out", str(folder / "my.toml")], standalone_mode=False, prog_name="intakelab")) == 0
    written = {path.name: path.read_bytes() for path in folder.glob("my.*")}
    return capsys.readouterr().out.replace(str(folder), ""), written


@pytest.fixture(scope="module")
def export() -> pd.DataFrame:
    return pd.read_csv(HADOOP, dtype=str, keep_default_na=False)


def days(table: pd.DataFrame, column: str) -> pd.Series:
    return pd.to_datetime(table[column].replace("", None), format="%d/%b/%y %H:%M")


@pytest.mark.parametrize("details", [(), ("--details",), ("--json",)])
def test_changing_what_came_later_changes_no_byte(export, tmp_path, capsys, details):
    late = days(export, CREATED) > pd.Timestamp(DAY) + pd.Timedelta(days=1)
    closed_late = ~late & (days(export, RESOLVED) > pd.Timestamp(DAY) + pd.Timedelta(days=1))
    assert late.sum() > 50
    assert closed_late.sum() > 20
    other = export.copy()
    other.loc[late, "Resolution"], other.loc[late, CREATED] = "Whatever", "31/Dec/21 10:00"
    other.loc[late, RESOLVED] = "31/Dec/21 11:00"
    other.loc[closed_late, "Resolution"], other.loc[closed_late, RESOLVED] = "Won't Fix", "01/Jan/22 09:00"
    assert fitted(other, tmp_path / "b", capsys, *details) == fitted(export, tmp_path / "a", capsys, *details)


def test_changing_what_was_known_changes_what_is_said(export, tmp_path, capsys):
    """The twin."""
    early = days(export, RESOLVED) < pd.Timestamp(DAY)
    other = export.copy()
    other.loc[early, "Resolution"] = "Won't Fix"
    assert fitted(other, tmp_path / "b", capsys)[0] != fitted(export, tmp_path / "a", capsys)[0]


def test_what_was_closed_later_is_open_and_what_came_later_is_not_there(export, tmp_path, capsys):
    fitted(export, tmp_path / "a", capsys)
    kept = log_beside(tmp_path / "a" / "my.toml")
    until = pd.Timestamp(DAY) + pd.Timedelta(days=1)
    assert len(kept.frame) == (days(export, CREATED) < until).sum()
    assert len(kept.frame) - len(kept.open) == (days(export, RESOLVED) < until).sum()
    assert kept.known_to.normalize() == pd.Timestamp(DAY) or kept.known_to == until
    assert not np.isfinite(kept.open["effort"]).any()


def test_a_day_that_is_none_and_a_day_before_the_log_are_refused_in_words(capsys):
    with pytest.raises(FitError, match=r"--as-of 31\.5\.2021: a day such as 2024-01-31 is needed"):
        parse_day("31.5.2021")
    words = ["fit", str(HADOOP), "--team", "developer=4", "--as-of", "2020-01-31"]
    assert guarded(lambda: app(words, standalone_mode=False, prog_name="intakelab")) == 2
    assert "no request had come by --as-of; its first one came on 2021-01-01" in " ".join(capsys.readouterr().err.split())
