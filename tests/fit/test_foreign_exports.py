"""Thirty small files in the shapes of public trackers' exports (`foreign/`): what was done, refused, doubled and left open is counted exactly.

The content is invented. Where a file tells no answers, only closed and open are known, and the share of yes is not made up.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from sim.errors import FitError
from sim.fit.clean import Log, check_answers
from tests.fit.exports import log_of

FOREIGN = Path(__file__).with_name("foreign")
EVENTS = ("created=time:timestamp", "resolved=time:timestamp", "key=case:concept:name", "outcome=concept:name")


class Counts(NamedTuple):
    """Done, refused, doubled, open."""

    done: int
    refused: int
    doubled: int
    still_open: int


FAMILY = Counts(52, 21, 15, 32)
ANSWERED = {
    "01_jira_allfields.csv": FAMILY, "24_utf16_excel.txt": FAMILY, "05_jira_french_values.csv": FAMILY,
    "08_github_search.json": Counts(35, 14, 10, 21), "09_github_graphql.json": FAMILY, "13_redmine_de.csv": Counts(52, 36, 0, 32),
    "15_bugzilla.csv": FAMILY, "17_linear.csv": FAMILY, "18_youtrack.csv": FAMILY, "22_excel_title_rows.xlsx": FAMILY,
    "25_utf16le_nobom.csv": FAMILY, "28_na_marker.csv": FAMILY, "29_null_marker.csv": FAMILY, "34_jira_pretty_durations.csv": FAMILY,
    "40_jira_html.xls": FAMILY, "42_csv_sep_line.csv": FAMILY, "43_trailing_comma.csv": FAMILY,
    "46_na_marker_few_open.csv": Counts(52, 21, 15, 14), "47_same_as_46_but_empty.csv": Counts(52, 21, 15, 14),
    "49_bugzilla_unconfirmed_with_date.csv": FAMILY,
}
CLOSED = {  # file: closed, open
    "02_jira_no_resolution_column.csv": (88, 32), "11_gitlab_issues.csv": (88, 32), "16_trello_board.json": (88, 32),
    "19_asana.csv": (88, 32), "20_clickup_epoch_ms.csv": (88, 32), "50_github_two_repos_same_numbers.csv": (176, 64),
    "52_jira_no_resolution_fix_version.csv": (59, 0),
}
TRACKER = {
    "02_jira_no_resolution_column.csv": "Jira", "52_jira_no_resolution_fix_version.csv": "Jira", "08_github_search.json": "GitHub",
    "09_github_graphql.json": "GitHub", "11_gitlab_issues.csv": "GitLab", "13_redmine_de.csv": "Redmine (German)",
    "15_bugzilla.csv": "Bugzilla", "16_trello_board.json": "Trello", "17_linear.csv": "Linear", "18_youtrack.csv": "YouTrack",
    "19_asana.csv": "Asana", "20_clickup_epoch_ms.csv": "ClickUp", "50_github_two_repos_same_numbers.csv": "GitHub"}


def counts(log: Log) -> Counts:
    found = log.frame["outcome"].value_counts()
    refused = found.get("rejected", 0) + found.get("withdrawn", 0)
    return Counts(found.get("accepted", 0), refused, found.get("duplicate", 0), found.get("open", 0))


@pytest.mark.parametrize("name", ANSWERED)
def test_answers_are_counted_exactly(name):
    log = log_of(FOREIGN / name)
    assert log.told
    assert counts(log) == ANSWERED[name]


@pytest.mark.parametrize("name", CLOSED)
def test_where_no_answer_is_told_none_is_made_up(name):
    log = log_of(FOREIGN / name)
    assert not log.told
    assert (len(log.closed), len(log.frame) - len(log.closed)) == CLOSED[name]


@pytest.mark.parametrize("name", TRACKER)
def test_the_tracker_is_known(name):
    assert log_of(FOREIGN / name).columns.tracker.name == TRACKER[name]


@pytest.mark.parametrize("mapping", [EVENTS, ()])
def test_an_event_log_is_read_by_its_first_and_last_rows(mapping):
    log = log_of(FOREIGN / "32_eventlog.csv", None, *mapping, accepted=["Close"], rejected=["Reject"])
    assert counts(log) == Counts(52, 36, 0, 32)
    assert log.frame["reopened"].sum() == 0.0
    assert (log.closed["resolved"] > log.closed["created"]).all()


def test_words_that_nobody_knows_are_asked_for():
    log = log_of(FOREIGN / "33_german_statuses.csv")
    assert counts(log) == Counts(52, 0, 0, 32)
    with pytest.raises(FitError, match=r'of 88 closed requests 36 .*: Geschlossen \(36\); .*--accepted "Geschlossen".*--rejected'):
        check_answers(log)
    assert counts(log_of(FOREIGN / "33_german_statuses.csv", rejected=["Geschlossen"])) == Counts(52, 36, 0, 32)
    assert counts(log_of(FOREIGN / "33_german_statuses.csv", accepted=["geschlossen"])) == Counts(88, 0, 0, 32)


def test_closed_without_any_day_of_closing_is_offered_the_last_change():
    with pytest.raises(FitError, match=r"88 closed without a date .*--map resolved=Updated takes the day of the last change"):
        log_of(FOREIGN / "39_jira_done_no_resolved.csv")
    assert counts(log_of(FOREIGN / "39_jira_done_no_resolved.csv", None, "resolved=Updated")) == FAMILY


@pytest.mark.parametrize("name", [
    "02_jira_no_resolution_column.csv", "18_youtrack.csv", "34_jira_pretty_durations.csv", "13_redmine_de.csv", "15_bugzilla.csv",
    "20_clickup_epoch_ms.csv", "11_gitlab_issues.csv"])
def test_effort_of_every_writing_is_read(name):
    """Of the first two requests 3000 and 10740 seconds were booked."""
    log = log_of(FOREIGN / name)
    assert log.frame["effort"].head(2).tolist() == pytest.approx([3000 / 3600, 10740 / 3600], abs=0.004)
    assert log.frame["estimate"].notna().any()


def test_a_marker_of_nothing_is_as_an_empty_cell():
    marked, empty = (log_of(FOREIGN / name) for name in ("46_na_marker_few_open.csv", "47_same_as_46_but_empty.csv"))
    assert marked.frame.equals(empty.frame)
    assert marked.dropped == ()


def test_every_file_is_held_against_its_truth():
    told = {*ANSWERED, *CLOSED, "32_eventlog.csv", "33_german_statuses.csv", "39_jira_done_no_resolved.csv"}
    assert told == {path.name for path in FOREIGN.iterdir()}
    assert len(told) == 30
