"""The results folder: every bit is kept, nothing is run twice, nothing damaged is believed, nothing foreign is added."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ResultsError
from sim.runs.outcome_table import KEYS, Failed
from sim.runs.results_folder import ResultsFolder, folder_name
from sim.runs.span import Span, cut, uncovered
from tests.study_layer.small_study import POINTS, bits, origin, run, work_of, writing

EACH = 8
UNITS = {"a": "days", "b": "k€"}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("results") / "whole"
    run(path, EACH)
    return path


@pytest.fixture
def results(uninterrupted: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copytree(uninterrupted, tmp_path / "copy"))


def made_up(span: Span, a: list[float], b: list[float]) -> pd.DataFrame:
    keys = {"scenario": "small", "point": span.point, "policy": "p", "seed": 3, "replication": list(span.replications)}
    return pd.DataFrame(keys | {"a": a, "b": b})


def parts_of(path: Path) -> list[Path]:
    return sorted((path / "parts").glob("*.parquet"))


# -- what is kept ----------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(patterns=st.lists(st.integers(0, 2**64 - 1), min_size=4, max_size=4))
def test_every_float64_comes_back_with_its_very_bits(patterns: list[int]) -> None:
    signalling, negative_zero = 0x7FF0000000000001, 1 << 63
    numbers = np.array([*patterns, signalling, negative_zero, 0, 0xFFF8000000000123], dtype=np.uint64).view(np.float64)
    span = Span(0, 0, 4)
    with tempfile.TemporaryDirectory() as place:
        with ResultsFolder.writing(
            Path(place) / "r", origin(), POINTS, executor="", command="", texts={}, units=UNITS
        ) as folder:
            folder.add(span, made_up(span, list(numbers[:4]), list(numbers[4:])))
        frame = ResultsFolder.open(Path(place) / "r").frame()
    assert np.concatenate([frame["a"], frame["b"]]).view(np.uint64).tolist() == numbers.view(np.uint64).tolist()


@settings(max_examples=8, deadline=None)
@given(data=st.data(), size=st.integers(1, 5))
def test_for_every_order_and_size_of_parts_the_bits_are_the_same(uninterrupted: Path, data: st.DataObject, size: int) -> None:
    whole = ResultsFolder.open(uninterrupted).frame()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "r"
        with writing(path) as folder:
            for span in data.draw(st.permutations(folder.missing({0: EACH, 1: EACH}, size))):
                folder.add(span, whole[(whole["point"] == span.point) & whole["replication"].isin(span.replications)])
            assert folder.frame().equals(whole)
        assert bits(path) == bits(uninterrupted)


def test_the_frame_is_tidy_and_sorted_and_knows_its_units(uninterrupted: Path) -> None:
    frame = ResultsFolder.open(uninterrupted).frame()
    assert tuple(frame.columns[:5]) == KEYS
    assert frame.attrs["units"]["delay"] == "days"
    keys = [(row.point, row.replication, row.policy) for row in frame.itertuples()]
    assert keys == [(point, replication, policy.name) for point in (0, 1) for replication in range(EACH)
                    for policy in work_of(point).policies]


def test_a_large_seed_is_kept_and_a_larger_one_refused(tmp_path: Path) -> None:
    span, seed = Span(0, 0, 1), 2**64 - 1
    with ResultsFolder.writing(
        tmp_path / "r", origin(seed=seed), POINTS, executor="", command="", texts={}, units=UNITS) as folder:
        folder.add(span, made_up(span, [1.0], [2.0]).assign(seed=np.array([seed], dtype=object)))
        assert folder.frame()["seed"].tolist() == [seed]
    with pytest.raises(ResultsError, match="below 2\\^64"), writing(tmp_path / "larger", seed=2**64):
        pass


def test_failures_travel_with_their_part_and_can_be_tried_again(tmp_path: Path) -> None:
    span, failed = Span(1, 4, 2), Failed(1, "p", 5, "run", "ZeroDivisionError: no", "intakelab explain …")
    with ResultsFolder.writing(tmp_path / "r", origin(), POINTS, executor="", command="", texts={}, units=UNITS) as folder:
        folder.add(span, made_up(span, [1.0, 2.0], [3.0, 4.0]).iloc[:1], [failed])
        folder.add(Span(0, 0, 1), made_up(Span(0, 0, 1), [0.0], [0.0]))
        assert [Failed(*row) for row in ResultsFolder.open(tmp_path / "r").failures().itertuples(index=False)] == [failed]
        assert folder.missing({1: 6}) == [Span(1, at, 1) for at in range(4)]
        assert folder.retry_failed() == 1
        assert folder.missing({1: 6}, 10) == [Span(1, 0, 6)]
        assert folder.done == {0: 1, 1: 0}


def test_the_manifest_says_what_was_asked_with_what_and_every_session(tmp_path: Path) -> None:
    run(tmp_path / "r", 2)
    run(tmp_path / "r", 3)
    manifest = json.loads((tmp_path / "r" / "manifest.json").read_text())
    sessions = [(session["replications"], session["ending"]) for session in manifest["sessions"]]
    assert sessions == [(4, "finished"), (2, "finished")]
    assert manifest["texts"][manifest["sessions"][0]["texts"]["experiment"]] == "what is asked"
    assert manifest["origin"]["seed"] == 3
    assert {"python", "numpy", "simpy", "pandas", "intakelab"} <= set(manifest["sessions"][0]["versions"])


def test_other_files_are_written_whole_beside_the_results(tmp_path: Path) -> None:
    with writing(tmp_path / "r") as folder:
        folder.write_text("verdicts.json", "{}")
        folder.write_text("verdicts.json", "[]")
        for name in ("manifest.json", "../verdicts.json", "parts", "lock"):
            with pytest.raises(ResultsError, match="no name for a file"):
                folder.write_text(name, "")
    assert (tmp_path / "r" / "verdicts.json").read_text() == "[]"


def test_a_folder_is_named_after_what_it_asks() -> None:
    assert folder_name("king", "a", "b") == folder_name("king", "a", "b")
    assert folder_name("king", "a", "b") != folder_name("king", "ab", "")


# -- what is still to be run -----------------------------------------------------------------------------------------------


spans_of_a_point = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=6)


@given(there=spans_of_a_point, wanted=st.integers(0, 50), size=st.integers(1, 12))
def test_what_is_missing_is_what_is_wanted_and_not_there_each_once(
    there: list[tuple[int, int]], wanted: int, size: int
) -> None:
    spans = [Span(7, *one) for one in there]
    gaps = uncovered(spans, {7: wanted})
    assert all(gap.size > 0 for gap in gaps)
    pieces = cut(gaps, size)
    asked = [replication for piece in pieces for replication in piece.replications]
    assert sorted(asked) == sorted(set(range(wanted)) - {replication for span in spans for replication in span.replications})
    assert all(1 <= piece.size <= size for piece in pieces)


def test_early_replications_of_all_points_come_first(tmp_path: Path) -> None:
    with writing(tmp_path / "r") as folder:
        assert folder.missing({0: 4, 1: 3}, 2) == [Span(0, 0, 2), Span(1, 0, 2), Span(0, 2, 2), Span(1, 2, 1)]


def test_more_replications_extend_a_study_and_run_nothing_again(results: Path, tmp_path: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in parts_of(results)}
    assert run(results, EACH) == 0
    assert run(results, EACH + 3, size=4) == 2 * 3
    assert run(results, EACH - 1) == 0
    assert {path.name: path.stat().st_mtime_ns for path in parts_of(results) if path.name in before} == before
    run(tmp_path / "at once", EACH + 3)
    assert bits(results) == bits(tmp_path / "at once")


# -- what was damaged ------------------------------------------------------------------------------------------------------


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def altered(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def said_to_be_of_another_point(path: Path) -> None:
    path.rename(path.with_name(path.name.replace("p00000-r0000002", "p00000-r0000102")))


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("spoil", [torn, emptied, altered, said_to_be_of_another_point, gone])
def test_a_damaged_part_is_found_and_only_it_is_run_again(results: Path, uninterrupted: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    victim = next(path for path in parts_of(results) if path.name.startswith("p00000-r0000002-n0002"))
    spoil(victim)
    found = ResultsFolder.open(results).verify_parts({0: EACH, 1: EACH})
    assert Span(0, 2, 2) in {damage.span for damage in found if damage.kind == "missing"}
    assert len(found) == (1 if spoil is gone else 2)
    if spoil is not gone:
        with pytest.raises(ResultsError, match="only this part will be run"):
            ResultsFolder.open(results).frame()
        with pytest.raises(ResultsError, match="only these parts will be run"):
            ResultsFolder.open(results).sql("SELECT count(*) FROM runs")
    assert run(results, EACH) == 2
    assert bits(results) == bits(uninterrupted)
    assert not ResultsFolder.open(results).verify_parts({0: EACH, 1: EACH})


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_changed_byte_is_overlooked(uninterrupted: Path, data: st.DataObject) -> None:
    folder = ResultsFolder.open(uninterrupted)
    whole = data.draw(st.sampled_from(parts_of(uninterrupted))).read_bytes()
    at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copytree(uninterrupted, Path(place) / "r"))
        victim = next(path for path in parts_of(copy) if path.read_bytes() == whole)
        victim.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
        assert len(ResultsFolder.open(copy).verify_parts()) == 1
    assert not folder.verify_parts()


def test_a_part_of_another_study_is_not_believed(results: Path, tmp_path: Path) -> None:
    with ResultsFolder.writing(tmp_path / "other", origin(seed=4), POINTS, executor="", command="", texts={}) as other:
        span = Span(0, EACH, 1)
        frame = ResultsFolder.open(results).frame().query("point == 0 and replication == 0").assign(replication=EACH)
        other.add(span, frame)
    shutil.copy(parts_of(tmp_path / "other")[0], results / "parts")
    assert [(damage.span, damage.kind) for damage in ResultsFolder.open(results).verify_parts()] == [(span, "altered")]


def test_an_altered_manifest_or_design_is_not_believed(results: Path) -> None:
    good = (results / "manifest.json").read_text()
    (results / "manifest.json").write_text(good.replace('"seed": 3', '"seed": 4'))
    with pytest.raises(ResultsError, match="altered"):
        ResultsFolder.open(results)
    (results / "manifest.json").write_text(good[: len(good) // 2])
    with pytest.raises(ResultsError, match="cannot be read"):
        ResultsFolder.open(results)
    (results / "manifest.json").write_text(good)
    POINTS.assign(scenario="large").to_parquet(results / "points.parquet")
    with pytest.raises(ResultsError, match="not the design points"):
        ResultsFolder.open(results)


# -- what does not belong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("changed", "said"), [
    ({"experiment": "f" * 64}, "the experiment file was eeeeeeee, is ffffffff"),
    ({"seed": 4}, "the seed was 3, is 4"),
    ({"model": "0" * 64}, "the model's source was"),
    ({"engine": {"python": "3.9", "numpy": "2.0", "simpy": "4.1"}}, "the version of numpy was"),
    ({"policies": {}}, "policy always-accept is not there any more"),
    ({"scenarios": {"small": "1" * 64}}, "scenario small was"),
])
def test_results_of_another_origin_are_refused_with_the_reason(results: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(ResultsError, match="holds other results") as caught, writing(results, **changed):
        pass
    assert said in str(caught.value)


def test_other_design_points_are_refused(results: Path) -> None:
    more = pd.concat([POINTS, POINTS.assign(point=POINTS["point"] + 2)])
    with pytest.raises(ResultsError, match="the table of design points was"), ResultsFolder.writing(
        results, origin(), more, executor="", command="", texts={}):
        pass


def test_rows_that_do_not_fit_are_refused(tmp_path: Path, uninterrupted: Path) -> None:
    frame = ResultsFolder.open(uninterrupted).frame().query("point == 0 and replication < 2")
    with writing(tmp_path / "r") as folder:
        folder.add(Span(0, 0, 2), frame)
        for span, rows, said in [
            (Span(0, 1, 2), frame, "are there"), (Span(1, 0, 2), frame, "not point 1"), (Span(0, 2, 2), frame, "not point 0"),
            (Span(0, 2, 2), frame.drop(columns="delay"), "columns that differ: \\['delay'\\]"),
        ]:
            with pytest.raises(ResultsError, match=said):
                folder.add(span, rows)
    with pytest.raises(ResultsError, match="opened to be read"):
        ResultsFolder.open(tmp_path / "r").add(Span(0, 2, 2), frame)


def test_a_folder_without_results_says_so(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no results folder"):
        ResultsFolder.open(tmp_path)


def test_points_whose_factor_mixes_numbers_and_texts_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="design points cannot be kept"), ResultsFolder.writing(
        tmp_path / "r", origin(), POINTS.assign(level=[1.0, "two"]), executor="", command="", texts={}):
        pass


def test_origins_differ_in_their_digest_where_they_differ() -> None:
    assert replace(origin()).digest() == origin().digest()
    assert origin(seed=4).digest() != origin().digest()


# -- SQL -------------------------------------------------------------------------------------------------------------------


def test_sql_says_what_pandas_says(uninterrupted: Path) -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    folder = ResultsFolder.open(uninterrupted)
    answer = folder.sql("""
        SELECT "customer.request_rate" AS rate, policy, avg(cost) AS cost, avg(recall) AS recall, count(*) AS n
        FROM runs JOIN points USING (point) GROUP BY ALL ORDER BY ALL""")
    frame = folder.frame().merge(folder.points, on="point")
    grouped = frame.groupby(["customer.request_rate", "policy"])
    assert answer["n"].tolist() == [EACH] * 4
    assert np.allclose(answer["cost"], grouped["cost"].mean())
    assert 0 < frame["recall"].isna().sum() < len(frame)  # no meaning in some runs: these are left out
    assert np.allclose(answer["recall"], grouped["recall"].mean())
    assert folder.sql("SELECT count(*) AS n FROM failures")["n"].tolist() == [0]


def test_sql_over_no_runs_and_wrong_sql_are_no_accidents(tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    with writing(tmp_path / "r") as folder:
        assert folder.sql("SELECT count(*) AS n, avg(delay) AS delay FROM runs")["n"].tolist() == [0]
        with pytest.raises(ResultsError, match="cannot be answered"):
            folder.sql("SELECT nothing FROM runs")
        with pytest.raises(ResultsError, match="cannot be answered"):
            folder.sql("")
