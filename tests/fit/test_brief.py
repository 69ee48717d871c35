"""What fit prints at first: at most 25 lines, the sentence that matters first, and no number that is none."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from sim.cli import app
from sim.cli.failures import guarded
from sim.fit.following import Following
from sim.report.fit_brief import brief_text, limit_text
from tests.fit.exports import HADOOP, fitted_to, simulated_export, weekly

MOST_LINES = 25
NONE = re.compile(r"\b(inf|nan)\b", re.IGNORECASE)


def said(capsys, *words: object) -> str:
    assert guarded(lambda: app(["fit", *map(str, words), "--draws", "40", "-n", "2"], standalone_mode=False, prog_name="intakelab")) == 0
    return capsys.readouterr().out


def without_answers() -> pd.DataFrame:
    return weekly(120).drop(columns=["Status", "Resolution"])


def all_refused_but_few() -> pd.DataFrame:
    return weekly(60).assign(Resolution=["Fixed" if at % 12 == 0 else "Won't Fix" for at in range(60)])


def with_a_tail() -> pd.DataFrame:
    """A third is open to the end: 90% closed is not reached, and 50% not in every draw."""
    table = weekly(90)
    table.loc[::2, ["Resolved", "Status", "Resolution"]] = ["", "Open", ""]
    return table


def drifting() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    days = np.sort(np.concatenate([rng.uniform(0, 364, 500), rng.uniform(364, 728, 150)]))
    created = pd.Timestamp("2022-01-03") + pd.to_timedelta(days, unit="D")
    return pd.DataFrame({"Created": created.astype(str), "Resolved": (created + pd.Timedelta(days=2)).astype(str)})


MADE = {"no answers": without_answers, "few yeses": all_refused_but_few, "a tail": with_a_tail, "drifting": drifting}


@pytest.fixture(params=["hadoop", "simulated", *MADE])
def export(request, tmp_path):
    if request.param == "hadoop":
        return HADOOP
    if request.param == "simulated":
        return simulated_export(tmp_path / "jira.csv", 4)
    MADE[request.param]().to_csv(tmp_path / "x.csv", index=False)
    return tmp_path / "x.csv"


def test_it_has_at_most_25_lines_and_begins_with_what_limits(export, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = said(capsys, export, "--team", "developer=4,tester=2", "--out", tmp_path / "my.toml").splitlines()
    assert len(lines) <= MOST_LINES, "\n".join(lines)
    assert "limit" in lines[0] + lines[1]
    assert lines[-1].startswith("Next: intakelab ")


def test_no_output_has_a_number_that_is_none(export, tmp_path, capsys):
    for words in ((), ("--details",), ("--json",)):
        assert not NONE.search(said(capsys, export, "--team", "developer=4", *words))
    said(capsys, export, "--team", "developer=4", "--out", tmp_path / "my.toml")
    for path in tmp_path.glob("my.*"):
        if path.suffix != ".parquet":
            assert not NONE.search(path.read_text(encoding="utf-8").partition("name = ")[0])
            assert not re.search(r"= (inf|nan)", path.read_text(encoding="utf-8"))


def test_details_say_all_that_was_read_and_fitted(capsys):
    text = said(capsys, HADOOP, "--team", "developer=4", "--details")
    for part in ("SHA-256", "Columns", "Warnings", "Fitted (95% intervals", "Assumed, not measured", "The model beside the log"):
        assert part in text
    assert "not reached" in text


def test_yes_is_never_1_for_want_of_words(tmp_path, capsys):
    """A log that tells no answers: nothing is said of a share of yes, and the scenario says that it is not measured."""
    fit = fitted_to(without_answers(), tmp_path / "x.csv")
    assert fit.answered is None
    assert "today.share" not in {setting.key for setting in fit.settings}
    told = json.loads(said(capsys, tmp_path / "x.csv", "--team", "developer=4", "--json"))
    assert "yes, of the answers" not in told["fitted"]
    assert "share of yes (today.share)" in told["assumed"]
    assert "not told by the log: all" in said(capsys, tmp_path / "x.csv", "--team", "developer=4")


def test_words_that_nobody_knows_make_no_share_of_yes(tmp_path):
    words = ["Fixed", "Fixed", "Won't Fix", "Geschlossen"] * 30
    fit = fitted_to(weekly(120).assign(Resolution=words), tmp_path / "x.csv")
    assert fit.answered is None
    few = fitted_to(weekly(120).assign(Resolution=["Geschlossen" if at < 20 else word for at, word in enumerate(words)]
                                       ).replace("Geschlossen", "Won't Fix"), tmp_path / "y.csv")
    assert few.answered is not None


def test_that_it_drifts_and_that_it_cannot_be_told_are_never_said_together(tmp_path):
    for weeks in (10, 20, 25, 27, 60):
        rng = np.random.default_rng(weeks)
        days = np.sort(np.concatenate([rng.uniform(0, 3.5 * weeks, 200), rng.uniform(3.5 * weeks, 7 * weeks, 20)]))
        created = pd.Timestamp("2022-01-03") + pd.to_timedelta(days, unit="D")
        table = pd.DataFrame({"Created": created.astype(str), "Resolved": (created + pd.Timedelta(days=1)).astype(str)})
        text = " ".join(fitted_to(table, tmp_path / f"{weeks}.csv", draws=20).doubts)
        assert not ("drifts" in text and "cannot be told" in text), weeks
        assert ("drifts" in text) == (weeks > 26)


def test_what_limits_is_said_no_more_firmly_than_the_log_allows(tmp_path):
    from dataclasses import replace

    fit = fitted_to(HADOOP)
    assert limit_text(fit).startswith("The team limits this project: 5.79 (")
    unsure = replace(fit, closed=replace(fit.closed, low=fit.closed.low / 3, high=fit.closed.high * 3))
    assert limit_text(unsure).startswith("What limits this project cannot be told from its log")
    follows = replace(fit, following=Following(0.95, 0.1, 0.75, 1.15, 9))
    assert limit_text(follows).startswith("The team does not limit this project: closings follow demand (kappa 0.95)")
    assert "kappa 0.95 +- 0.10" in brief_text(follows, None, 80)


def test_all_parameters_of_a_drifting_log_are_of_the_same_named_stretch(tmp_path):
    fit = fitted_to(drifting(), tmp_path / "x.csv")
    assert fit.arrivals.drifts
    assert (fit.stretch.weeks, fit.stretch.whole) == (52, False)
    assert fit.arrivals.now.n == fit.closed.n == 52
    assert "the last 52 weeks, since the rate drifts" in brief_text(fit, None, 80)
