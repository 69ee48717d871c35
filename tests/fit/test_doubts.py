"""The warnings of a statistician: each comes where it should, and not in a plain log."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.fit.exports import HADOOP, fitted_to, weekly


def plain_log(n: int = 400) -> pd.DataFrame:
    """Poisson arrivals over years, one in ten still open, effort and estimate apart."""
    rng = np.random.default_rng(7)
    created = pd.Timestamp("2022-01-03") + pd.to_timedelta(np.sort(rng.uniform(0, 728, n)), unit="D")
    resolved = created + pd.to_timedelta(rng.exponential(9, n), unit="D")
    estimate = rng.lognormal(8, 1, n).round()
    table = pd.DataFrame({
        "Issue key": [f"P-{i}" for i in range(n)], "Status": "Closed", "Resolution": "Fixed",
        "Created": created.strftime("%Y-%m-%d %H:%M:%S"), "Resolved": resolved.strftime("%Y-%m-%d %H:%M:%S"),
        "Original Estimate": estimate, "Time Spent": (estimate * rng.lognormal(0, 0.5, n)).round()})
    table.loc[::10, ["Status", "Resolution", "Resolved"]] = ["Open", "", ""]
    return table


def swept(table):
    table.loc[1:60, "Resolved"] = "2024-01-15 10:00:00"
    return table


def imported(table):
    table.loc[1:60, "Created"] = "2022-01-03 10:00:00"
    return table


def timed(table):
    closed = table["Resolved"] != ""
    table.loc[closed, "Resolved"] = table.loc[closed, "Resolved"].str[:10] + " 23:59:00"
    return table


def aged(table):
    closed = table["Resolved"] != ""
    table.loc[closed, "Resolved"] = (pd.to_datetime(table.loc[closed, "Created"]) + pd.Timedelta(days=30)).astype(str)
    return table


def copied(table):
    table.loc[::3, "Time Spent"] = table.loc[::3, "Original Estimate"]
    return table


def few(table):
    table.loc[25:, "Time Spent"] = 0
    return table


def survivors(table):
    return table[table["Resolved"] != ""]


def cut(table):
    created = pd.to_datetime(table["Created"])
    return table[(created > "2022-04-04") | (np.arange(len(table)) % 8 == 1)]


def fading(table):
    created = (pd.to_datetime(table["Created"]) - pd.Timestamp("2022-01-03")).dt.days / 728
    return table[np.random.default_rng(1).uniform(size=len(table)) > 0.8 * created]


def strange(table):
    table.loc[[1, 2], "Resolution"] = "Gone fishing"
    return table


SAYINGS = {
    swept: "closed in the same minute", imported: "opened in the same minute", timed: "closed at 23:59", aged: "exactly 30 days after",
    copied: "equal their estimate exactly", few: "few; the interval is rough", survivors: "not one request is open",
    cut: "the start of the log may be cut off", fading: "the rate drifts", strange: "Gone fishing (2)",
}


@pytest.mark.parametrize("spoil", SAYINGS, ids=lambda spoil: spoil.__name__)
def test_each_warning(tmp_path, spoil):
    doubts = fitted_to(spoil(plain_log()), tmp_path / "x.csv", draws=20).doubts
    assert any(SAYINGS[spoil] in doubt for doubt in doubts), doubts


def test_a_plain_log_has_only_the_warning_that_holds_for_all(tmp_path):
    doubts = fitted_to(plain_log(), tmp_path / "x.csv", draws=20).doubts
    said = [doubt for doubt in doubts if any(word in doubt for word in SAYINGS.values())]
    assert said == []
    assert any("work in progress starts at nothing" in doubt for doubt in doubts)


def test_the_end_of_hadoop(tmp_path):
    assert any("it was cut by date of arrival; the rate is counted up to 2021-08-31" in doubt for doubt in fitted_to(HADOOP).doubts)


def test_a_short_log_is_called_short(tmp_path):
    assert any("full weeks: rate and bunching are rough" in doubt for doubt in fitted_to(weekly(), tmp_path / "x.csv").doubts)
