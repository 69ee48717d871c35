"""Each tracker that is known has an example of its export, and it is read as it was meant."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.fit.columns import recognise
from sim.fit.trackers import FIELDS, TRACKERS, Tracker
from tests.fit.exports import log_of, made
from tests.fit.tracker_examples import EXAMPLES, Example


def tracker_of(example: Example) -> Tracker:
    return recognise(example.header.split(","), {}, "x.csv").tracker


@pytest.mark.parametrize("tracker", TRACKERS, ids=lambda tracker: f"{tracker.name}, {tracker.marks[0]}")
def test_each_tracker_has_an_example(tracker):
    assert any(tracker_of(example) is tracker for example in EXAMPLES), \
        f"{tracker.name} ({', '.join(tracker.marks)}) has no example in tests/fit/tracker_examples.py"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.tracker)
def test_each_example_is_taken_for_its_tracker(example):
    assert tracker_of(example).name == example.tracker, f"sim/fit/trackers.py does not know {example.tracker} by these columns"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.tracker)
def test_what_was_done_refused_and_left_open_is_read_so_with_every_column(tmp_path, example):
    kinds = [(row, outcome) for row, outcome in zip(example[2:], ("accepted", "rejected", "open"), strict=True) if row]
    rows = []
    for at, day in enumerate(pd.date_range("2024-01-01", periods=60, freq="3D")):
        row = kinds[at % len(kinds)][0].replace("CREATED", f"{day:%Y-%m-%d}").replace("RESOLVED", f"{day + pd.Timedelta(days=2):%Y-%m-%d}")
        made_then = f"{int(day.timestamp()):08x}{at:016x}"  # as the ids of Trello are
        rows.append(",".join([made_then if example.tracker == "Trello" else str(at), *row.split(",")[1:]]))
    log = log_of(made(tmp_path / "x.csv", "\n".join([example.header, *rows])))
    assert set(log.columns.named) == set(tracker_of(example).names)
    assert log.frame["outcome"].tolist() == [kinds[at % len(kinds)][1] for at in range(60)]
    assert log.told == (example.refused != "")
    assert log.dropped == ()
    assert log.words == ()


@pytest.mark.parametrize("tracker", TRACKERS, ids=lambda tracker: tracker.name)
def test_trackers_name_only_what_a_column_can_say(tracker):
    assert set(tracker.names) <= set(FIELDS)
    assert {"created", "resolved"} <= set(tracker.names)
    names = {part for names in tracker.names.values() for name in names for part in name.split(" + ")} | set(tracker.marks)
    assert names == {name.casefold() for name in names}
