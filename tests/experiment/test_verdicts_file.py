"""Verdicts write and read themselves, show themselves, and a file of an earlier version is still read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import ResultsError
from sim.study.verdict import Verdict, Verdicts
from sim.study.verdicts_file import VERDICTS, Answer

Type = Callable[..., Any]
Writes = Callable[..., Path]
OF_BEFORE = {  # as version 0.1 wrote it
    "hypothesis": "later", "statement": "it finishes later", "verdict": "inconclusive", "metric": "delay", "unit": "days",
    "claim": "greater", "compared": "always-accept against co-evaluated", "smallest_effect": 1000.0, "effect": 1.5, "low": -2.0,
    "high": 5.0, "together_low": None, "together_high": None, "p_value": None, "superiority": None, "superiority_low": None,
    "superiority_high": None, "replications": 2, "points": 1, "smallest_at_a_point": 1.5, "largest_at_a_point": 1.5, "left_out": 3,
    "censored": None, "reason": "too few replications", "about": "boundary", "words": "later: inconclusive.",
}


@pytest.fixture
def kept(typed: Type, write: Writes) -> Path:
    write()
    assert typed("run", "tiny.toml", "--workers", "1", "--quick", "--out", "kept").code == 0
    return Path("kept")


def test_what_was_judged_is_read_as_it_was_judged(kept: Path) -> None:
    study = sim.Study.load(kept)
    text = (kept / VERDICTS).read_text(encoding="utf-8")
    assert [verdict.hypothesis for verdict in study.verdicts] == ["later", "never"]
    assert Answer.model_validate_json(text).to_json() + "\n" == text
    assert study.verdicts == sim.Study.load(kept).verdicts
    assert study.verdicts[0].effect.low < study.verdicts[0].effect.mean < study.verdicts[0].effect.high
    assert [verdict.about for verdict in study.verdicts] == ["claim", "boundary"]
    assert study.verdicts[0].words.startswith("later: ")


def test_verdicts_show_themselves_as_a_table(kept: Path) -> None:
    verdicts = sim.Study.load(kept).verdicts
    stored = json.loads((kept / VERDICTS).read_text(encoding="utf-8"))["verdicts"]
    assert isinstance(verdicts.table, pd.DataFrame)
    assert list(verdicts.table["verdict"]) == [row["verdict"] for row in stored]
    assert set(verdicts.table) == set(stored[0]) - {"words"}
    for shown in (repr(verdicts), verdicts._repr_html_()):
        for words in ("later", "never", verdicts[0].ruling, "effect (95% interval)"):
            assert words in shown


def test_a_study_shows_its_question_and_its_verdicts_in_a_notebook(kept: Path) -> None:
    study = sim.Study.load(kept)
    for words in ("Does accepting everything take longer?", "30 replications at 3 design points", "always-accept finishes later"):
        assert words in study._repr_html_()
    (kept / VERDICTS).unlink()
    assert "no verdicts yet" in sim.Study.load(kept)._repr_html_()


def test_words_of_somebody_else_are_words_in_a_notebook() -> None:
    verdict = Verdict.model_validate(OF_BEFORE | {"statement": "<script>alert(1)</script>", "reason": "<b>"})
    shown = Verdicts([verdict])._repr_html_()
    assert "<script>" not in shown
    assert "&lt;b&gt;" in shown


def test_a_verdict_of_an_earlier_version_is_read() -> None:
    verdict = Verdict.model_validate_json(json.dumps(OF_BEFORE))
    assert math.isnan(verdict.p_value)
    assert math.isnan(verdict.superiority.mean)
    assert verdict == Verdict.model_validate(OF_BEFORE)
    again = json.loads(verdict.model_dump_json(by_alias=True))
    assert {key: value for key, value in again.items() if key not in ("words", "pairs")} == {
        key: value for key, value in OF_BEFORE.items() if key != "words"}


NUMBERS = st.floats(-1e300, 1e300) | st.just(math.nan)


@given(NUMBERS, NUMBERS, st.integers(0, 10**6))
def test_for_every_number_what_is_written_is_what_is_read(mean: float, limit: float, n: int) -> None:
    verdict = Verdict.model_validate(OF_BEFORE | {"effect": mean, "together_low": limit, "replications": n, "pairs": n})
    assert Verdict.model_validate_json(verdict.model_dump_json(by_alias=True)) == verdict


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"verdicts": 3}', b"[" * 100_000, b"null"])
def test_a_damaged_file_is_said_to_be_damaged(typed: Type, kept: Path, content: bytes) -> None:
    (kept / VERDICTS).write_bytes(content)
    with pytest.raises(ResultsError, match=r"verdicts\.json: cannot be read"):
        _ = sim.Study.load(kept).verdicts
    listed, told = typed("results", "."), typed("results", "kept")
    assert (listed.code, told.code) == (0, 2)
    assert "run the experiment again" in listed.out
    assert "run the experiment again" in told.err
    assert "Traceback" not in told.err


def test_without_verdicts_it_says_what_to_do(kept: Path) -> None:
    (kept / VERDICTS).unlink()
    with pytest.raises(ResultsError, match="run the experiment to its end"):
        _ = sim.Study.load(kept).verdicts
