"""The scoreboard: predictions are as they were written, the page fits them, and a hit is one."""

from __future__ import annotations

import hashlib
import shutil
from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest

from sim.errors import StudyError
from sim.model.outcome import METRICS
from validation.scoreboard.page import page, read_remarks, read_scores, write_scores
from validation.scoreboard.prediction import FOLDER, Expectation, noted_hashes, predictions
from validation.scoreboard.score import Luck, interval, look, score, verdict, world_of

ROOT = Path(__file__).parents[2]
ASKED = predictions()
ALL = {"says": "x", "scenarios": ("classroom",), "policy": "always-accept", "measure": "requests", "statistic": "mean"}


def written(folder: Path, name: str = "made-up", **changed: object) -> Path:
    """A folder with one prediction that is as it was noted."""
    text = (FOLDER / "quiet-time.toml").read_text(encoding="utf-8").replace("quiet-time", name)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (folder / "predictions.sha256").write_text(f"{digest}  {name}.toml\n", encoding="utf-8")
    return folder / f"{name}.toml"


def test_there_are_predictions_of_hits_and_of_misses() -> None:
    assert len(ASKED) >= 10
    assert {one.expected for one in ASKED.values()} == {"hit", "miss"}


def test_each_prediction_is_asked_with_luck_of_its_own() -> None:
    assert len({one.seed for one in ASKED.values()}) == len(ASKED)


def test_every_noted_hash_has_its_file() -> None:
    assert set(noted_hashes()) == {f"{name}.toml" for name in ASKED}


def test_an_edited_prediction_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert list(predictions(tmp_path)) == ["made-up"]
    path.write_text(path.read_text(encoding="utf-8").replace("low = 0.0", "low = -1.0"), encoding="utf-8")
    with pytest.raises(StudyError, match="never edited"):
        predictions(tmp_path)


def test_a_prediction_that_was_not_noted_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    shutil.copy(FOLDER / "small-wip.toml", tmp_path)
    with pytest.raises(StudyError, match=r"small-wip\.toml"):
        predictions(tmp_path)


@pytest.mark.parametrize("changes", [
    {}, {"low": 2.0, "high": 1.0}, {"low": 0.0, "statistic": "difference"}, {"low": 0.0, "statistic": "correlation"},
    {"low": 0.0, "against": "placebo"}, {"low": 0.0, "here": {"customer.drift": 0.0}}, {"low": 0.0, "other": "delay"},
    {"low": 0.0, "statistic": "correlation", "other": "delay", "against": "placebo"},
    {"low": 0.0, "statistic": "difference", "other": "delay", "against": "placebo"}])
def test_an_expectation_that_claims_nothing_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"low|of what|one side"):
        Expectation.model_validate(ALL | changes)


def test_the_page_fits_predictions_and_scores() -> None:
    there = (ROOT / "docs/scoreboard.md").read_text(encoding="utf-8")
    assert there == page(ASKED, read_scores(), noted_hashes(), read_remarks()), "write it anew: python -m validation.scoreboard"


def test_what_was_scored_is_what_was_predicted() -> None:
    hashes = noted_hashes()
    for name, found in read_scores().items():
        assert found.prediction == hashes[f"{name}.toml"]
        says = [(claim.says, scenario) for claim in ASKED[name].expect for scenario in claim.scenarios]
        assert [(result.says, result.scenario) for result in found.results] == says
        bands = [claim.band for claim in ASKED[name].expect for _ in claim.scenarios]
        assert [result.verdict for result in found.results] == [
            verdict(result.low, result.high, *band) for result, band in zip(found.results, bands, strict=True)]


def test_scores_are_read_as_they_were_written(tmp_path: Path) -> None:
    never = ASKED["quiet-time"].model_copy(update={"expect": (Expectation.model_validate(ALL | {"low": 0.0}),), "replications": 10})
    scores = {"quiet-time": score(never, "0" * 64)}
    write_scores(scores, tmp_path / "scores.json")
    assert read_scores(tmp_path / "scores.json") == scores


def test_the_verdict_of_the_first_run_is_not_forgotten() -> None:
    some = Expectation.model_validate(ALL | {"low": 0.0})
    asked = ASKED["quiet-time"].model_copy(update={"expect": (some,), "replications": 10})
    before = score(asked, "0" * 64)
    missed = asked.model_copy(update={"expect": (some.model_copy(update={"low": None, "high": 0.0}),)})
    after = score(missed, "0" * 64, before)
    assert (before.verdict, before.first, after.verdict, after.first) == ("hit", "hit", "miss", "hit")
    assert "in its first run: hit" in page({"quiet-time": missed}, {"quiet-time": after}, noted_hashes(), {})


def test_the_interval_of_a_mean_is_the_usual_one() -> None:
    values = np.random.default_rng(1).normal(3.0, 2.0, 400)
    value, low, high = interval("mean", values)
    assert value == pytest.approx(values.mean())
    assert (low, high) == pytest.approx((value - 1.96 * values.std() / 20, value + 1.96 * values.std() / 20), abs=0.02)


def test_the_statistics_are_what_they_are_called() -> None:
    here, there = np.array([[2.0, 4.0, 9.0, 5.0]]), np.array([[1.0, 2.0, 3.0, 6.0]])
    known = {"difference": 2.0, "relative": 2 / 3, "standardised": 2 / np.std(there, ddof=1), "correlation": 0.8}
    for statistic, value in known.items():
        assert interval(statistic, here[0], there[0])[0] == pytest.approx(value)  # type: ignore[arg-type]


def test_pairs_are_kept_when_replications_are_drawn_anew() -> None:
    luck = np.random.default_rng(2).normal(0.0, 50.0, 50)
    assert interval("difference", luck + 1.0, luck)[1:] == pytest.approx((1.0, 1.0))


def test_what_must_come_out_comes_out_and_what_cannot_is_missed() -> None:
    many = Expectation.model_validate(ALL | {"statistic": "difference", "here": {"customer.request_rate": 2.0},
                                             "there": {"customer.request_rate": 0.2}, "low": 1.0})
    few = many.model_copy(update={"low": None, "high": 0.0})
    assert (look(many, "classroom", Luck(1, 12)).verdict, look(few, "classroom", Luck(1, 12)).verdict) == ("hit", "miss")


def test_two_measures_of_the_same_run_are_compared_run_by_run() -> None:
    later = Expectation.model_validate(ALL | {"statistic": "difference", "measure": "finish", "other": "finish", "low": -1.0, "high": 1.0})
    found = look(later, "classroom", Luck(1, 10))
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_a_share_of_runs_above_a_share_of_the_budget() -> None:
    over = Expectation.model_validate(ALL | {"measure": "cost", "over": "project.budget", "above": 0.5, "low": 0.9,
                                             "scenarios": ("agency-website",)})
    assert look(over, "agency-website", Luck(1, 10)).value == 1.0
    assert look(over.model_copy(update={"above": 100.0}), "agency-website", Luck(1, 10)).value == 0.0


def test_remarks_are_made_of_predictions_that_were_run() -> None:
    assert set(read_remarks()) <= set(read_scores())


def test_every_word_of_a_prediction_is_on_the_page() -> None:
    there = (ROOT / "docs/scoreboard.md").read_text(encoding="utf-8")
    for one in ASKED.values():
        assert all(text in there for text in (one.finding, one.source, one.firmness, one.because, one.seen)), one.name


@pytest.mark.parametrize("name", ASKED)
def test_a_prediction_names_what_there_is(name: str) -> None:
    """Scenarios, keys, values, policies and measures; nothing is run."""
    for claim in ASKED[name].expect:
        assert {claim.measure, claim.other or claim.measure} <= set(METRICS)
        for scenario in claim.scenarios:
            assert len(claim.sides(scenario)) == 1 + claim.compares
            assert claim.over is None or attrgetter(claim.over)(claim.sides(scenario)[0][0]) > 0


@pytest.mark.long
def test_the_scores_are_those_of_the_world_as_it_is() -> None:
    stale = [name for name, found in read_scores().items() if found.world != world_of(ASKED[name])]
    assert not stale, "run them: python -m validation.scoreboard --run"
