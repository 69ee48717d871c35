"""Exports in shapes that stand in no file here: the kind of thing is read, not the file; and one truth has many writings."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import FitError
from sim.fit.clean import check_answers
from sim.fit.read import read_export
from tests.fit.exports import log_of, made

DAYS = pd.date_range("2024-01-03 09:00", periods=60, freq="2D")
KINDS = ("accepted", "rejected", "duplicate", "open")


def rows(words: dict[str, str]) -> list[tuple[int, pd.Timestamp, pd.Timestamp | None, str]]:
    """Key, came, closed, word: of each kind in turn."""
    kinds = [kind for kind in KINDS if kind in words]
    return [(at + 1, day, None if kinds[at % len(kinds)] == "open" else day + pd.Timedelta(days=3.25), words[kinds[at % len(kinds)]])
            for at, day in enumerate(DAYS)]


def outcomes(path: Path, *mapping: str, **words: list[str]) -> list[str]:
    return log_of(path, None, *mapping, **words).frame["outcome"].tolist()


def expected(words: dict[str, str]) -> list[str]:
    kinds = [kind for kind in KINDS if kind in words]
    return [kinds[at % len(kinds)] for at in range(60)]


def test_a_german_jira_with_semicolons_and_months_in_words(tmp_path):
    words = {"accepted": "Erledigt", "rejected": "Wird nicht erledigt", "duplicate": "Duplikat", "open": ""}
    month = {1: "Jan.", 2: "Feb.", 3: "März", 4: "Apr.", 5: "Mai"}

    def said(day: pd.Timestamp | None) -> str:
        return "" if day is None else f"{day.day}. {month[day.month]} {day.year} {day:%H:%M}"

    lines = [f"W-{key};{'In Arbeit' if closed is None else 'Geschlossen'};{word};{said(came)};{said(closed)};2h 30m"
             for key, came, closed, word in rows(words)]
    path = made(tmp_path / "x.csv", "\n".join(["Schlüssel;Status;Lösung;Erstellt;Erledigt;Zeitaufwand", *lines]).encode("cp1252"))
    log = log_of(path)
    assert log.columns.tracker.name == "Jira (German)"
    assert log.frame["outcome"].tolist() == expected(words)
    assert set(log.frame["effort"]) == {2.5}


def test_a_servicenow_workbook_with_lines_above_its_header(tmp_path):
    words = {"accepted": "Solved (Permanently)", "rejected": "Not Solved (Too Costly)", "open": ""}
    book = openpyxl.Workbook()
    for row in (["Requests of the platform team"], ["printed", pd.Timestamp("2024-08-01").to_pydatetime()], [],
                ["Number", "State", "Opened", "Closed", "Close code", "Short description"]):
        book.active.append(row)
    for key, came, closed, word in rows(words):
        book.active.append([f"R{key}", "Closed" if closed else "Work in Progress", came.to_pydatetime(),
                            closed.to_pydatetime() if closed else None, word or None, "x"])
    book.save(tmp_path / "x.xlsx")
    assert outcomes(tmp_path / "x.xlsx") == expected(words)


def test_linear_over_its_interface(tmp_path):
    words = {"accepted": "Done", "rejected": "Canceled", "open": "Todo"}
    nodes = [{"identifier": f"E-{key}", "createdAt": f"{came:%Y-%m-%dT%H:%M:%SZ}", "state": {"name": word}, "title": "x",
              "completedAt": f"{closed:%Y-%m-%dT%H:%M:%SZ}" if closed and word == "Done" else None,
              "canceledAt": f"{closed:%Y-%m-%dT%H:%M:%SZ}" if closed and word == "Canceled" else None} for key, came, closed, word in rows(words)]
    path = made(tmp_path / "x.json", json.dumps({"data": {"issues": {"edges": [{"node": node} for node in nodes]}}}, indent=1))
    assert outcomes(path) == expected(words)


def test_jira_over_its_interface(tmp_path):
    words = {"accepted": "Done", "rejected": "Won't Do", "duplicate": "Duplicate", "open": ""}
    issues = [{"key": f"A-{key}", "fields": {
        "created": f"{came:%Y-%m-%dT%H:%M:%S.000+0200}", "resolutiondate": f"{closed:%Y-%m-%dT%H:%M:%S.000+0200}" if closed else None,
        "status": {"name": "Done" if closed else "Selected for Development"}, "resolution": {"name": word} if word else None,
        "timespent": 9000}} for key, came, closed, word in rows(words)]
    log = log_of(made(tmp_path / "x.json", json.dumps({"total": 60, "issues": issues})))
    assert log.frame["outcome"].tolist() == expected(words)
    assert str(log.origin + pd.Timedelta(days=log.frame["created"].iloc[0]))[:16] == "2024-01-03 09:00"


def test_a_field_in_two_columns_can_be_mapped(tmp_path):
    words = {"accepted": "Sent", "rejected": "Gone", "open": ""}
    lines = [f"{key},{came},{closed if word == 'Sent' else ''},{closed if word == 'Gone' else ''},{word}"
             for key, came, closed, word in rows(words)]
    path = made(tmp_path / "x.csv", "\n".join(["Nr,Start,Shipped on,Dropped on,End", *lines]))
    mapping = ("key=Nr", "created=Start", "resolved=Shipped on", "resolved=Dropped on", "outcome=End")
    assert outcomes(path, *mapping, accepted=["Sent"], rejected=["Gone"]) == expected(words)
    with pytest.raises(FitError, match=r"Sent \(20\), Gone \(20\)"):
        check_answers(log_of(path, None, *mapping))


def test_open_is_what_the_status_says_whatever_day_of_closing_stands_there(tmp_path):
    lines = [f"{key},{came},{closed or came},{'Closed' if closed else 'Reopened'},{word}" for key, came, closed, word in
             rows({"accepted": "Fixed", "rejected": "Won't fix", "open": "Fixed"})]
    path = made(tmp_path / "x.csv", "\n".join(["Key,Created,Resolved,Status,Resolution", *lines]))
    assert outcomes(path) == expected({"accepted": "", "rejected": "", "open": ""})


@pytest.mark.parametrize(("cell", "hours"), [
    ("7.5", 7.5), ("7,5", 7.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("3h 20m", 10 / 3), ("1d 4h", 12.0), ("2w", 80.0), ("2:30", 2.5),
    ("90 min", 1.5), ("1 day, 2 hours", 10.0), ("PT", None)])
def test_hours_as_they_are_written(tmp_path, cell, hours):
    lines = [f'{key},{came},{closed},"{cell}"' for key, came, closed, _ in rows({"accepted": ""})]
    path = made(tmp_path / "x.csv", "\n".join(["Key,Created,Closed,Booked", *lines]))
    if hours is None:
        with pytest.raises(FitError, match=r'60 of 60 values of "Booked" are no amount that can be read: "PT"; numbers \(7.5\), 3h 20m'):
            log_of(path, None, "effort_hours=Booked")
    else:
        assert log_of(path, None, "effort_hours=Booked").frame["effort"].tolist() == pytest.approx([hours] * 60)


WRITTEN = {
    "iso": "%Y-%m-%d %H:%M", "iso T": "%Y-%m-%dT%H:%M:00Z", "jira": "%d/%b/%y %I:%M %p", "german": "%d.%m.%Y %H:%M", "slashes": "%d/%m/%Y %H:%M",
    "long": "%b %d, %Y %H:%M"}
CONTAINERS = ("csv", "semicolon", "tab", "utf-16", "utf-16 without a mark", "sep", "titles", "trailing", "json", "lines", "html", "excel", "within")


def written(table: pd.DataFrame, container: str, folder: Path) -> Path:
    comma = table.to_csv(index=False)
    texts = {
        "csv": comma, "semicolon": table.to_csv(index=False, sep=";"), "tab": table.to_csv(index=False, sep="\t"), "sep": "sep=,\n" + comma,
        "titles": "Report\nmade on 2024-09-01\n\n" + comma,
        "trailing": "\n".join(line + "," * (at > 0) for at, line in enumerate(comma.splitlines())),
        "json": table.to_json(orient="records"), "lines": table.to_json(orient="records", lines=True),
        "html": f"<html><body><p>Export</p>{table.to_html(index=False)}</body></html>",
        "within": json.dumps({"meta": {"n": len(table)}, "result": {"rows": table.to_dict("records")}}, indent=2)}
    if container == "excel":
        table.to_excel(folder / "x.xlsx", index=False)
        return folder / "x.xlsx"
    if container.startswith("utf-16"):
        return made(folder / "x.csv", comma.encode("utf-16" if container == "utf-16" else "utf-16-le"))
    return made(folder / "x.any", texts[container])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.sampled_from(sorted(WRITTEN)), container=st.sampled_from(CONTAINERS), nothing=st.sampled_from(["", "NA", "NULL", "-", "n/a"]),
    order=st.permutations(["Key", "Created", "Resolved", "Status", "Resolution"]))
def test_the_same_requests_are_the_same_in_whatever_file_they_stand(tmp_path, days, container, nothing, order):
    words = {"accepted": "Fixed", "rejected": "Won't Fix", "duplicate": "Duplicate", "open": ""}
    table = pd.DataFrame([{
        "Key": f"K-{key}", "Created": came.strftime(WRITTEN[days]), "Resolved": closed.strftime(WRITTEN[days]) if closed else nothing,
        "Status": "Closed" if closed else "Open", "Resolution": word or nothing} for key, came, closed, word in rows(words)])[list(order)]
    log = log_of(written(table, container, tmp_path))
    assert log.frame["outcome"].tolist() == expected(words)
    assert log.frame["created"].tolist() == pytest.approx([2.375 + 2 * at for at in range(60)], abs=1e-9)
    assert (log.closed["resolved"] - log.closed["created"]).tolist() == pytest.approx([3.25] * 45)


def test_rows_keep_the_numbers_that_they_have_in_the_file(tmp_path):
    text = "Report\n\nKey,Created,Resolved\n1,2024-01-01,2024-01-02\n2,soon,2024-01-05\n"
    assert list(read_export(made(tmp_path / "x.csv", text)).table.index) == [4, 5]
    assert io.StringIO(text).readlines()[4].startswith("2,soon")


def table_of(columns: str, row) -> str:
    return "\n".join([columns, *(row(at, day, day + pd.Timedelta(days=3)) for at, day in enumerate(DAYS))])


def test_closed_requests_of_one_answer_that_lack_their_day_are_not_dropped(tmp_path):
    """Nine of sixty are few, but they are all the refused ones: without them each answer would be a yes."""
    text = table_of("Key,Created,Resolved,Status,Resolution", lambda at, came, closed:
                    f"K{at},{came},{closed if at % 7 else ''},Done,{'Fixed' if at % 7 else 'Invalid'}")
    with pytest.raises(FitError, match=r'9 closed without a date .*9 of them are "Invalid", of which there are 9: .*--map resolved='):
        log_of(made(tmp_path / "x.csv", text))


def test_few_rows_of_every_answer_that_lack_their_day_are_an_accident(tmp_path):
    text = table_of("Key,Created,Resolved,Status,Resolution", lambda at, came, closed:
                    f"K{at},{came},{closed if at % 7 else ''},Done,{'Invalid' if at % 2 else 'Fixed'}")
    assert len(log_of(made(tmp_path / "x.csv", text)).dropped[0].rows) == 9


def test_numbers_that_stand_for_several_requests_are_asked_about(tmp_path):
    text = table_of("Product,No,Opened,Closed,State", lambda at, came, closed:
                    f"p{at % 2},{at // 2},{came},{closed},{'Done' if at % 3 else 'Rejected'}")
    path = made(tmp_path / "x.csv", text)
    with pytest.raises(FitError, match=r'60 of 60 rows share a number in "No" .*--map repository=\.\.\..*--map resolved="Opened"'):
        log_of(path, None, "key=No")
    assert len(log_of(path, None, "key=No", "repository=Product").frame) == 60


def test_midnight_stays_midnight_where_the_clocks_are_changed(tmp_path):
    days = pd.date_range("2024-01-03", periods=120, freq="3D", tz="Europe/Berlin")
    lines = [f"K{at},{day.isoformat()},{(day + pd.DateOffset(days=2)).isoformat()}" for at, day in enumerate(days)]
    frame = log_of(made(tmp_path / "x.csv", "\n".join(["Key,Created,Resolved", *lines]))).frame
    assert {"+01:00", "+02:00"} == {line[-6:] for line in lines}
    assert set(frame["created"] % 1.0) | set(frame["resolved"] % 1.0) == {0.0}
    assert set(frame["resolved"] - frame["created"]) == {2.0}


def test_offsets_that_are_no_summer_time_are_brought_to_that_of_most(tmp_path):
    lines = [f"K{at},{day:%Y-%m-%dT%H:%M:%S}{'+02:00' if at % 4 else '+01:00'},{day + pd.Timedelta(days=1):%Y-%m-%dT%H:%M:%S}+02:00"
             for at, day in enumerate(DAYS)]
    frame = log_of(made(tmp_path / "x.csv", "\n".join(["Key,Created,Resolved", *lines]))).frame
    assert (frame["created"] % 1.0).round(6).unique().tolist() == [round(10 / 24, 6), round(9 / 24, 6)]


def test_spanish_days_are_read(tmp_path):
    months = ("enero", "febrero", "marzo", "abril", "mayo")
    text = table_of("Id,Created,Closed", lambda at, came, closed:
                    f"{at},{came.day} de {months[came.month - 1]} de {came.year},{closed.date()}")
    frame = log_of(made(tmp_path / "x.csv", text)).frame
    assert set(frame["resolved"] - frame["created"]) == {3.0}
