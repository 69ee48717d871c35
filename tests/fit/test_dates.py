"""Dates are read as they were meant, whatever tracker and country wrote them."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.fit.dates import parse_dates


@pytest.mark.parametrize(("text", "meant"), [
    ("30/Sep/21 17:20", "2021-09-30 17:20"), ("30/Sep/21 5:20 PM", "2021-09-30 17:20"), ("3/Jan/24 5:20 PM", "2024-01-03 17:20"),
    ("2024-01-03", "2024-01-03"), ("2024-01-03T10:00:00Z", "2024-01-03 10:00"), ("2024-01-03T10:00:00.000+0100", "2024-01-03 10:00"),
    ("2024-01-03 10:00:00 +01:00", "2024-01-03 10:00"), ("2024/01/03 10:00", "2024-01-03 10:00"), ("20240103", "2024-01-03"),
    ("Jan 3, 2024", "2024-01-03"), ("Wed Jan 03 10:00:00 UTC 2024", "2024-01-03 10:00"), ("03 Jan 2024 10:00 CET", "2024-01-03 10:00"),
    ("1704276000", "2024-01-03 10:00"), ("1704276000000", "2024-01-03 10:00"), ("31.01.2024 10:00", "2024-01-31 10:00"),
    ("03.01.2024", "2024-01-03"), ("1704276000.0", "2024-01-03 10:00"), ("1.704276e12", "2024-01-03 10:00"),
    ("45294", "2024-01-03"), ("45294.5", "2024-01-03 12:00"), ("08/janv./24 15:28", "2024-01-08 15:28"),
    ("3. März 2024 9:05", "2024-03-03 09:05"), ("3 août 2024", "2024-08-03"), ("03/Dez/24 9:05", "2024-12-03 09:05"),
    ("1/8/2024, 3:28:00 PM GMT+1", "2024-01-08 15:28"), ("6594f14f0000000000000001", "2024-01-03 05:31:59"),
])
def test_each_way_of_writing(text, meant):
    found = parse_dates(pd.Series([text]))
    assert found.local[0] == pd.Timestamp(meant, tz="UTC")
    assert found.unreadable == ()


@pytest.mark.parametrize(("cells", "first", "order", "guessed"), [
    (["03/04/2024", "25/04/2024"], "2024-04-03", "day first", False),
    (["03/04/2024", "04/25/2024"], "2024-03-04", "month first", False),
    (["03/04/2024", "05/06/2024"], "2024-03-04", "month first", True),
    (["03.04.2024", "05.06.2024"], "2024-04-03", "day first", True),
])
def test_the_order_of_day_and_month_is_found_out_or_the_guess_is_said(cells, first, order, guessed):
    found = parse_dates(pd.Series(cells))
    assert (str(found.local[0].date()), found.order, found.guessed) == (first, order, guessed)


def test_the_user_knows_better():
    assert str(parse_dates(pd.Series(["03/04/2024"]), day_first=True).local[0].date()) == "2024-04-03"
    assert not parse_dates(pd.Series(["03/04/2024"]), day_first=True).guessed


def test_an_iso_date_is_never_turned_round():
    """pandas reads 2024-01-03 as 1 March when it is told that days come first."""
    assert str(parse_dates(pd.Series(["2024-01-03", "25/04/2024"]), day_first=True).local[0].date()) == "2024-01-03"


@pytest.mark.parametrize("text", ["soon", "7", "May", "12:30", "2024-13-45", "31/02/2024", "=1+1", "<b>2024</b>", "0001-01-01", "9999-12-31"])
def test_what_is_no_date_is_named_by_its_row(text):
    found = parse_dates(pd.Series(["2024-01-03", text], index=[2, 3]))
    assert found.unreadable == (3,)


def test_days_are_those_of_the_clock_on_the_wall():
    """A request of 23:30 in Berlin came on that day, not on the next, and midnight stays midnight."""
    found = parse_dates(pd.Series(["2024-01-03T23:30:00+01:00", "2024-01-04T00:00:00+01:00"]))
    assert [str(value)[:16] for value in found.local] == ["2024-01-03 23:30", "2024-01-04 00:00"]


def test_mixed_zones_are_brought_to_that_of_most():
    cells = pd.Series(["2024-01-03T23:30:00+01:00", "2024-01-03T22:30:00Z", "2024-01-03T20:00:00+01:00", "2024-01-03 18:00"])
    assert [str(value)[11:16] for value in parse_dates(cells).local] == ["23:30", "23:30", "20:00", "18:00"]


def test_zones():
    assert parse_dates(pd.Series(["2024-01-03T10:00:00Z", "2024-01-03 10:00"])).zones == "some"
    assert parse_dates(pd.Series(["2024-01-03", ""])).zones == "none"
    assert not parse_dates(pd.Series(["2024-01-03", ""])).clock
