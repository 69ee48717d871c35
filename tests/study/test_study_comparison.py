"""The comparison: what it may be asked, which differences it calls real, best or worst, and how it prints."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import sim
from sim.errors import IntakeLabError, PolicyError
from sim.policies.catalogue import make
from sim.report.numbers import fixed, half_width_text, limits_text
from sim.runs.runner import Interrupted
from sim.scenario import Scenario
from sim.stats.means import Interval
from sim.study.compare import compare
from sim.study.comparison import Comparison, word_for

MadeUp = Callable[..., Comparison]
Scatter = Callable[..., list[float]]


def small_only(estimate: sim.Estimate, project: sim.ProjectView) -> sim.Decision:
    return sim.accept("small") if estimate.effort < 2 else sim.decline("large")


@pytest.fixture(scope="module")
def found(small: Scenario) -> Comparison:
    return compare(small, ["always-accept", small_only, make("co-evaluated"), "clairvoyant"], anchors=(), replications=4)


def test_names_policies_and_functions_are_compared_alike(found: Comparison) -> None:
    assert found.names == ("always-accept", "small-only", "co-evaluated", "clairvoyant")
    assert found.adoptable == ("always-accept", "small-only", "co-evaluated")
    assert (found.reference, found.replications, len(found.frame)) == ("co-evaluated", 4, 16)


def test_without_co_evaluated_the_first_policy_is_the_reference(small: Scenario) -> None:
    assert compare(small, ["gatekeeper", "always-accept"], replications=2).reference == "gatekeeper"


def test_by_default_all_that_are_built_in_are_compared_and_what_is_done_today_where_the_scenario_says_it(small: Scenario) -> None:
    assert compare(small, replications=1).names == tuple(name for name in sim.POLICY_NAMES if name != "as-today")
    told = small.with_values({"today.share": 0.7})
    assert compare(told, replications=1).names == sim.POLICY_NAMES
    assert compare(told, replications=1).reference == "as-today"
    assert compare(small, ["gatekeeper", "as-today", "co-evaluated"], replications=1).reference == "as-today"


@pytest.mark.parametrize(("asked", "complaint"), [
    ({"policies": ["always-accept", "always-accept"]}, "given twice"),
    ({"policies": []}, "no policy"),
    ({"policies": ["always-acept"]}, "did you mean always-accept?"),
    ({"policies": [3]}, "is no policy"),
    ({"policies": ["always-accept", "gatekeeper"], "reference": "gatekeper"}, "did you mean gatekeeper?"),
    ({"replications": 0}, "1 to 1,000,000"),
    ({"replications": 1_000_001}, "1 to 1,000,000"),
    ({"seed": -1}, "from 0 on"),
])
def test_what_cannot_be_is_refused_before_anything_runs(small: Scenario, asked: dict[str, Any], complaint: str) -> None:
    with pytest.raises(IntakeLabError, match=re.escape(complaint)):
        compare(small, **asked)


def test_the_summary_is_the_paired_t_interval_of_the_frame(found: Comparison) -> None:
    table = found.frame.pivot_table(index="replication", columns="policy", values="cost")
    expected = stats.ttest_rel(table["always-accept"], table["co-evaluated"]).confidence_interval(1 - 0.05 / 3)
    row = found.summary.loc[("always-accept", "cost")]
    assert (row["difference_low"], row["difference_high"]) == pytest.approx((expected.low, expected.high))
    assert row["mean"] == pytest.approx(table["always-accept"].mean())
    assert row["real"] == (expected.low > 0 or expected.high < 0)


def test_the_reference_has_no_difference_to_itself(found: Comparison) -> None:
    row = found.summary.loc[("co-evaluated", "cost")]
    assert math.isnan(row["difference"])
    assert not row["real"]


def test_a_failure_can_be_seen_again_by_the_command_beside_it(small: Scenario) -> None:
    def stumbles(estimate: Any, project: Any) -> Any:
        raise RuntimeError("lost my notes")

    found = compare(small, ["always-accept", stumbles], replications=2)
    assert list(found.failures["error"]) == ["RuntimeError: lost my notes"] * 2
    with pytest.raises(RuntimeError, match="lost my notes"):
        eval(found.failures["command"].iloc[1], {"sim": sim, "found": found})
    assert "2 runs failed" in " ".join(found.text(100).split())


def test_where_every_run_fails_there_is_no_comparison(small: Scenario) -> None:
    def stumbles(estimate: Any, project: Any) -> Any:
        raise RuntimeError("lost my notes")

    with pytest.raises(IntakeLabError, match=r"every run failed.*lost my notes"):
        compare(small, [stumbles], anchors=(), replications=2)


def test_ctrl_c_leaves_a_comparison_of_what_was_done(small: Scenario) -> None:
    def stop(done: int, asked: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        compare(small, ["always-accept", "co-evaluated"], replications=50, progress=stop)
    assert caught.value.kept.replications == 2
    assert "interrupted after 2 of 50 replications" in repr(caught.value.kept)


# --- best, worst, real ---


def test_best_and_worst_are_marked_where_the_differences_are_real(made_up: MadeUp, scatter: Scatter) -> None:
    luck = np.array(scatter(0.0, spread=5.0))
    found = made_up({
        "co-evaluated": {"delay": luck + scatter(0.0, 0.1, seed=1)},
        "gatekeeper": {"delay": luck + scatter(0.0, 0.1, seed=2)},
        "change-board": {"delay": luck + scatter(5.0, 0.1, seed=3)},
        "always-accept": {"delay": luck + scatter(9.0, 0.1, seed=4)},
        "clairvoyant": {"delay": luck - 20.0},
    })
    assert found.best_and_worst("delay") == ({"co-evaluated", "gatekeeper"}, {"always-accept"})
    assert found.word("always-accept", "delay") == "worse"
    assert found.word("gatekeeper", "delay") == ""


def test_who_is_told_from_the_top_alone_is_not_called_worst(made_up: MadeUp, scatter: Scatter) -> None:
    """Its luck is that of the best, so a small difference to it is real; a larger one to the rest, of other luck, is not."""
    luck, other = np.array(scatter(0.0, 5.0)), np.array(scatter(0.0, 5.0, seed=8))
    found = made_up({
        "gatekeeper": {"delay": luck + scatter(0.0, 0.1, seed=1)}, "expert-veto": {"delay": luck + scatter(1.0, 0.1, seed=2)},
        "change-board": {"delay": other + scatter(2.0, 0.1, seed=3)}, "fast-lane": {"delay": other + scatter(2.0, 0.1, seed=4)},
    })
    assert found.word("expert-veto", "delay") == "worse"
    assert found.best_and_worst("delay") == (frozenset(), frozenset())


def test_nothing_is_best_or_worst_where_nothing_is_real(made_up: MadeUp, scatter: Scatter) -> None:
    found = made_up({name: {"delay": scatter(at * 0.01, seed=at)} for at, name in enumerate(("gatekeeper", "expert-veto"))})
    assert found.best_and_worst("delay") == (frozenset(), frozenset())
    assert "▲" not in found.text(100)


def test_less_scope_growth_is_neither_better_nor_worse(made_up: MadeUp, scatter: Scatter) -> None:
    found = made_up({
        "co-evaluated": {"scope_growth": scatter(0.2, 0.01)}, "always-accept": {"scope_growth": scatter(0.9, 0.01, seed=1)}})
    assert found.word("always-accept", "scope_growth") == "more"
    assert found.best_and_worst("scope_growth") == (frozenset(), frozenset())


@given(low=st.floats(-10, 10), width=st.floats(0, 10), metric=st.sampled_from(["delay", "benefit"]))
def test_for_every_interval_a_word_is_said_exactly_where_zero_is_left_out(low: float, width: float, metric: str) -> None:
    word = word_for(Interval(9, low + width / 2, low, low + width), metric)
    assert (word == "") == (low <= 0.0 <= low + width)
    assert (word == "better") == ((low + width < 0.0) if metric == "delay" else (low > 0.0))


def test_no_two_policies_are_told_apart_when_they_are_the_same_in_all_but_name(small: Scenario) -> None:
    twins = [make("change-board").with_parts(name=name) for name in ("left", "right")]
    found = compare(small, twins, anchors=(), replications=3)
    assert not found.summary["real"].any()


# --- the table ---


@settings(max_examples=20, deadline=None)
@given(width=st.integers(60, 240))
def test_for_every_terminal_no_line_is_wider_than_it(found: Comparison, width: int) -> None:
    assert max(map(len, found.text(width).splitlines())) <= width


def test_a_wider_terminal_shows_more_measures_and_details_show_all(found: Comparison) -> None:
    tables = [found.text(width).split("±:")[0] for width in (60, 100)]
    assert "innovation" not in tables[0]
    assert "innovation" in tables[1]
    assert "against co-evaluated" in tables[1], "without refusing everything the reference is what they are held against"
    details = found.text(100, details=True)
    shown = ("delay", "cost", "innovation", "benefit", "satisfaction", "scope growth", "rework", "on time", "censored")
    assert [name for name in shown if re.search(rf"\b{name}\b", details) is None] == []
    assert details.count("against co-evaluated") >= 9


def test_controls_stand_apart_below_the_policies_sorted_by_net_benefit(found: Comparison) -> None:
    lines = found.text(100).splitlines()
    rows = lines[: next(at for at, line in enumerate(lines) if line.startswith("±"))]
    names = [row.split()[0] for row in rows if row.split() and row.split()[0] in found.names]
    net = {name: -found.level(name, "net_benefit").mean for name in found.names}
    assert names == [*sorted(found.adoptable, key=net.__getitem__), "clairvoyant"]
    assert lines.index("controls, for comparison only") == next(
        at for at, line in enumerate(lines) if line.startswith("clairvoyant")) - 1


def test_a_stream_without_planned_scope_is_told_by_its_lead_time(small: Scenario) -> None:
    stream = small.with_values({"project.planned_items": 0, "project.deadline": 0.0, "project.horizon": 60.0})
    text = compare(stream, ["always-accept", "co-evaluated"], replications=2).text(100)
    assert "lead time" in text
    assert "delay" not in text.split("±:")[0]


def test_a_run_that_was_not_done_gives_a_lower_bound(made_up: MadeUp) -> None:
    late = 120.0 - 30.0
    found = made_up({
        "co-evaluated": {"delay": [3.0, 4.0, 5.0]},
        "always-accept": {"delay": [late, late, 8.0], "censored": [1.0, 1.0, 0.0]},
        "gatekeeper": {"delay": [late] * 3, "censored": [1.0] * 3}})
    text = found.text(100, details=True)
    assert re.search(r"always-accept\s+≥63 ±\d+", text)
    assert re.search(r"gatekeeper\s+≥90\s+▼\s+≥\+86", text), "where no run was done, no interval is claimed"
    assert re.search(r"always-accept.*≥63\b", found.text(100))
    assert re.search(r"co-evaluated\s+4 ±", text)
    assert "66.7% of always-accept's runs" in text


def test_where_most_runs_of_both_were_not_done_nothing_is_told(made_up: MadeUp) -> None:
    late = 120.0 - 30.0
    cut = {"delay": [late] * 3, "censored": [1.0] * 3}
    text = " ".join(made_up({"co-evaluated": cut, "always-accept": cut}).text(100, details=True).split())
    assert "– cannot be told" in text
    assert "What it does to delay" in text
    assert "cannot be told: too many runs of both were not done by day 120" in text
    assert "no real difference in delay" not in text


def test_the_notebook_shows_every_metric_and_escapes_names(small: Scenario) -> None:
    found = compare(small, [make("always-accept").with_parts(name="<b>&"), "co-evaluated"], anchors=(), replications=2)
    html = found._repr_html_()
    assert "&lt;b&gt;&amp;" in html
    assert html.count("<tr>") == 3
    assert "on time" in html


def test_one_replication_claims_nothing(small: Scenario) -> None:
    text = compare(small, ["always-accept", "co-evaluated"], replications=1).text(100)
    assert "±" not in text
    assert "nothing can be called real" in text
    assert "better" not in text


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_for_every_number_at_most_three_digits_are_significant(value: float, decimals: int) -> None:
    text = fixed(value, decimals)
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    assert len(digits) <= 3 or set(digits[3:]) == {"0"}
    assert "e" not in text
    assert text != "-0"


@given(st.floats(1e-6, 1e6), st.integers(0, 3))
def test_for_every_interval_a_limit_beside_zero_is_not_shown_as_zero(limit: float, decimals: int) -> None:
    assert float(half_width_text(limit, decimals)[1:]) > 0.0
    assert not limits_text(limit, 2 * limit, decimals).startswith("[0,")


def test_the_frame_survives_parquet_with_its_bits(found: Comparison, tmp_path: Any) -> None:
    found.frame.to_parquet(tmp_path / "runs.parquet", index=False)
    back = pd.read_parquet(tmp_path / "runs.parquet")
    pd.testing.assert_frame_equal(back, found.frame, check_exact=True)
    assert back.attrs["units"] == found.frame.attrs["units"]


def test_errors_of_the_study_are_errors_that_the_command_line_can_print() -> None:
    assert issubclass(PolicyError, IntakeLabError)


def test_numbers_are_taken_out_of_the_frame_once_and_cannot_be_changed(found: Comparison) -> None:
    first = found.values(found.reference, "delay")
    assert first is found.values(found.reference, "delay")
    with pytest.raises(ValueError, match="read-only"):
        first.iloc[0] = 0.0
    frame = found.frame
    kept = frame[frame["policy"] == found.reference].set_index("replication")["delay"]
    assert first.tolist() == pytest.approx(kept.sort_index().tolist(), nan_ok=True)
