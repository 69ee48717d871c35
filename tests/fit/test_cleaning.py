"""Rows are used once, or dropped with a reason and their numbers; too much that is wrong is refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from sim.errors import FitError
from sim.fit.answers import Lists
from sim.fit.fit import fit_log
from tests.fit.exports import HADOOP, TEAM, log_of, made, weekly


def test_hadoop_is_read_whole():
    log = log_of(HADOOP)
    assert (len(log.frame), log.rows, log.dropped) == (421, 421, ())
    assert log.frame["outcome"].value_counts().to_dict() == {
        "accepted": 239, "open": 130, "rejected": 28, "duplicate": 23, "deferred": 1}
    assert log.columns.tracker.name == "Jira"
    assert log.origin == pd.Timestamp("2020-12-28", tz="UTC")  # the Monday before


@pytest.mark.parametrize(("resolution", "status", "outcome"), [
    ("Fixed", "Closed", "accepted"), ("Won't Fix", "Closed", "rejected"), ("WONTFIX", "", "rejected"), ("not_planned", "closed", "rejected"),
    ("Duplicate", "", "duplicate"), ("Later", "", "deferred"), ("Abandoned", "", "withdrawn"), ("", "closed", "closed"),
    ("", "Rejected", "rejected"), ("Gone fishing", "Closed", "unknown"), ("completed", "closed", "accepted"), ("", "", "closed"),
])
def test_what_became_of_it(resolution, status, outcome):
    assert Lists().outcome(resolution, status) == outcome


def test_lists_can_be_extended():
    lists = Lists(accepted=["Shipped"], rejected=["Fixed"])
    assert lists.outcome("shipped", "") == "accepted"
    assert lists.outcome("Fixed", "") == "rejected"  # the user's words go before ours


def test_unreadable_dates_are_dropped_with_their_rows(tmp_path):
    table = weekly()
    table.loc[[3, 7], "Created"] = ["yesterday", "=NOW()"]
    table.loc[[9], "Resolved"] = "<i>soon</i>"
    log = log_of(table, tmp_path / "x.csv")
    assert [(dropped.rows, dropped.reason[:32]) for dropped in log.dropped] == [
        ((5, 9), 'with an unreadable date in "Crea'), ((11,), 'with an unreadable date in "Reso')]
    assert len(log.frame) == 57


def test_mostly_unreadable_dates_are_refused_with_their_rows(tmp_path):
    table = weekly()
    table.loc[10:, "Created"] = "2024-13-45"
    with pytest.raises(FitError, match=r'unreadable date in "Created", such as "2024-13-45" \(rows 12, 13, .*of 60; dates such as'):
        log_of(table, tmp_path / "x.csv")


def test_a_word_in_place_of_a_day_is_asked_for_and_never_dropped_with_its_rows(tmp_path):
    """Those 14 rows are the open ones: without them only survivors are left."""
    table = weekly()
    table.loc[46:, ["Resolved", "Resolution", "Status"]] = ["tbd", "", ""]
    with pytest.raises(FitError, match=r'"Resolved" has words in place of days: "tbd" \(14\); .* --empty "tbd"'):
        log_of(table, tmp_path / "x.csv")
    assert (log_of(table, tmp_path / "x.csv", empty=["tbd"]).frame["outcome"] == "open").sum() == 14


def test_closed_before_it_came(tmp_path):
    table = weekly()
    table.loc[[4], "Resolved"] = "2001-01-01"
    assert [str(dropped) for dropped in log_of(table, tmp_path / "x.csv").dropped] == ['1 with "Resolved" before "Created" (row 6)']
    table["Created"], table["Resolved"] = table["Resolved"], table["Created"]
    with pytest.raises(FitError, match="are the columns the right way round"):
        log_of(table, tmp_path / "x.csv")


def test_a_request_without_a_day(tmp_path):
    table = weekly()
    table.loc[[0], "Created"] = ""
    assert str(log_of(table, tmp_path / "x.csv").dropped[0]) == '1 without a date in "Created" (row 2)'


def test_closed_without_a_date_is_not_open(tmp_path):
    table = weekly()
    table.loc[[5], "Resolved"] = ""
    log = log_of(table, tmp_path / "x.csv")
    assert str(log.dropped[0]) == "1 closed without a date (row 7)"


def dated(n: int = 40) -> list[tuple[str, str]]:
    days = pd.date_range("2024-01-01", periods=n, freq="3D")
    return [(f"{day:%Y-%m-%dT%H:%M:%SZ}", f"{day + pd.Timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}") for day in days]


def test_a_github_list(tmp_path):
    records = [{"number": i, "state": "closed", "created_at": a, "closed_at": b, "state_reason": "completed", "labels": [{"name": "x"}]}
               for i, (a, b) in enumerate(dated())]
    records[0] |= {"state": "open", "closed_at": None, "state_reason": None}
    records[1]["state_reason"] = "not_planned"
    records[2]["state_reason"] = None  # closed before GitHub asked for a reason: nobody says with which answer
    records.append(records[3] | {"number": 99, "pull_request": {"url": "https://api.example.org/pulls/99"}})
    log = log_of(made(tmp_path / "x.json", json.dumps(records)))
    assert log.frame["outcome"].tolist()[:4] == ["open", "rejected", "unknown", "accepted"]
    assert [str(dropped) for dropped in log.dropped] == ["1 of pull requests, which answer no request (row 42)"]


def test_azure_devops(tmp_path):
    table = pd.DataFrame([{"ID": i, "Work Item Type": "User Story", "State": "Closed", "Reason": "Moved to state Closed", "Created Date": a,
                           "Closed Date": b, "Completed Work": "4", "Original Estimate": "3"} for i, (a, b) in enumerate(dated())])
    table.loc[0, "State"] = "Removed"
    table.loc[1, ["State", "Closed Date"]] = ["Active", ""]
    log = log_of(table, tmp_path / "x.csv")
    assert log.frame["outcome"].tolist()[:3] == ["rejected", "open", "accepted"]
    assert set(log.frame["effort"]) == {4.0}
    assert log.dropped == ()


def test_none_is_closed(tmp_path):
    table = weekly()
    table["Resolved"], table["Resolution"], table["Status"] = "", "", "Open"
    with pytest.raises(FitError, match="none of its 60 requests is closed"):
        log_of(table, tmp_path / "x.csv")


def test_one_row_and_a_single_week(tmp_path):
    with pytest.raises(FitError, match="1 usable row, at least 10 are needed"):
        log_of(weekly(1), tmp_path / "x.csv")
    table = weekly(30)
    table["Created"] = "2023-01-02"
    with pytest.raises(FitError, match="its requests came within 0 days; at least 5 weeks"):
        log_of(table, tmp_path / "x.csv")


def test_repeated_rows_count_once_and_changed_ones_came_back(tmp_path):
    table = weekly()
    again = table.iloc[[10, 20]].copy()
    again.loc[20, "Resolved"] = "2024-06-01 10:00"
    log = log_of(pd.concat([table, again]), tmp_path / "x.csv")
    assert len(log.frame) == 60
    assert log.dropped[0].rows == (12, 22)
    assert log.frame["reopened"].sum() == 1.0
    assert np.nanmax(log.frame["resolved"]) > 500  # the last row counts, from the first day on


def test_opened_again_is_open_whatever_its_dates_say(tmp_path):
    table = weekly()
    table.loc[[2], "Status"] = "Reopened"
    log = log_of(table, tmp_path / "x.csv")
    row = log.frame.loc[4]
    assert (row["outcome"], row["reopened"]) == ("open", 1.0)
    assert np.isnan(row["resolved"])


def test_units_of_effort_are_hours(tmp_path):
    for column, cell, hours in (("Time Spent", "7200", 2.0), ("Hours", "2,5", 2.5), ("Days", "0.5", 4.0)):
        table = weekly()
        table[column] = cell
        mapping = {"Hours": ["effort_hours=Hours"], "Days": ["effort_days=Days"]}.get(column, [])
        assert log_of(table, tmp_path / "x.csv", *mapping).frame["effort"].unique().tolist() == [hours]


def test_cells_are_data_whatever_they_hold(tmp_path):
    table = weekly()
    table["Summary"] = "=HYPERLINK(\"http://x\")"
    table.loc[[1], "Resolution"] = "<script>alert(1)</script>\x1b[31m"
    log = log_of(table, tmp_path / "x.csv")
    assert log.words == (("<script>alert(1)</script>\\x1b[31m", 1),)


def test_nothing_says_what_became_of_it(tmp_path):
    log = log_of(weekly()[["Created", "Resolved"]], tmp_path / "x.csv")
    assert not log.told
    assert any("the share of yes is not known" in note for note in log.notes)
    assert fit_log(log, TEAM, draws=20).outcomes.yes is None


def test_semicolons_and_day_first(tmp_path):
    days = pd.date_range("2024-01-01", periods=60, freq="3D")
    rows = "\n".join(f"{day:%d/%m/%Y};{day + pd.Timedelta(days=2):%d/%m/%Y}" for day in days)
    log = log_of(made(tmp_path / "x.csv", "Opened;Closed\n" + rows))
    assert "dates with slashes or dots were read day first" in log.notes
    assert set(np.round(log.frame["resolved"] - log.frame["created"], 6)) == {2.0}
