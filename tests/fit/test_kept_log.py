"""The log that is kept beside a fitted scenario: days, answers and efforts, and nothing that anybody wrote."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sim.errors import FitError
from sim.fit.kept_log import ANSWERS, KeptLog, comment_of, kept_of, log_beside, log_bytes, read_log
from tests.fit.exports import HADOOP, log_of, made, weekly


@pytest.fixture(scope="module")
def kept() -> KeptLog:
    return kept_of(log_of(HADOOP), 8.0)


def beside(folder: Path, kept: KeptLog) -> Path:
    content = log_bytes(kept)
    made(folder / "my.log.parquet", content)
    return made(folder / "my.toml", f"# Fitted\n{comment_of('my.log.parquet', content)}\nname = \"my\"\n")


def test_what_is_kept_is_read_again_as_it_was(kept, tmp_path):
    again = log_beside(beside(tmp_path, kept))
    pd.testing.assert_frame_equal(again.frame, kept.frame)
    assert again.known_to == kept.known_to
    assert log_bytes(again) == log_bytes(kept)


def test_it_holds_the_requests_of_the_log_in_their_order(kept):
    log = log_of(HADOOP)
    assert len(kept.frame) == len(log.frame)
    assert len(kept.open) == int((log.frame["outcome"] == "open").sum())
    assert kept.frame["created"].is_monotonic_increasing
    assert set(kept.frame["answer"]) <= set(ANSWERS)
    assert (kept.frame["answer"] == "yes").sum() == (log.frame["outcome"] == "accepted").sum()
    assert kept.frame["resolved"].max() <= kept.known_to


def test_nobodys_words_are_in_it(tmp_path):
    table = weekly()
    table["Resolution"] = "Smith & Sons said no"
    table["Issue key"] = [f"SECRET-{at}" for at in range(len(table))]
    log = log_of(table, tmp_path / "x.csv", rejected=("Smith & Sons said no",))
    content = log_bytes(kept_of(log, 8.0))
    assert not any(word in content for word in (b"Smith", b"SECRET", b"x.csv", b"Resolution"))
    assert set(read_log(content, "x").frame["answer"]) == {"no"}


def test_a_log_that_was_changed_is_refused(kept, tmp_path):
    scenario = beside(tmp_path, kept)
    made(tmp_path / "my.log.parquet", log_bytes(KeptLog(kept.frame.head(100), kept.known_to)))
    with pytest.raises(FitError, match=r"my\.log\.parquet: is not the log that .*my\.toml was fitted to"):
        log_beside(scenario)


def test_a_scenario_without_a_log_says_how_to_get_one(tmp_path):
    with pytest.raises(FitError, match=r"names no log of requests.*intakelab fit EXPORT"):
        log_beside(made(tmp_path / "a.toml", 'name = "a"\n'))


def test_a_log_that_is_gone_is_named(kept, tmp_path):
    scenario = beside(tmp_path, kept)
    (tmp_path / "my.log.parquet").unlink()
    with pytest.raises(FitError, match=r"my\.log\.parquet: no such file"):
        log_beside(scenario)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", b"a,b\n1,2\n"])
def test_what_is_no_such_file_is_refused_in_words(content):
    with pytest.raises(FitError, match=r"x\.parquet: is no log that intakelab fit keeps"):
        read_log(content, "x.parquet")


def test_a_parquet_file_of_something_else_is_refused(tmp_path):
    weekly().to_parquet(tmp_path / "other.parquet")
    with pytest.raises(FitError, match="is no log that intakelab fit keeps"):
        read_log((tmp_path / "other.parquet").read_bytes(), "other.parquet")


def test_a_comment_cannot_lead_out_of_the_scenarios_folder(kept, tmp_path):
    content = log_bytes(kept)
    made(tmp_path / "secret.parquet", content)
    (tmp_path / "inner").mkdir()
    scenario = made(tmp_path / "inner/my.toml", comment_of("../secret.parquet", content) + "\n")
    with pytest.raises(FitError, match=r"inner.secret\.parquet: no such file"):
        log_beside(scenario)


def test_fit_keeps_the_log_beside_the_scenario(tmp_path, kept):
    from sim.cli import app
    from sim.cli.failures import guarded

    out = tmp_path / "a project.toml"
    words = ["fit", str(HADOOP), "--team", "developer=4", "--out", str(out), "--draws", "20", "-n", "0", "--quiet"]
    assert guarded(lambda: app(words, standalone_mode=False, prog_name="intakelab")) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a project.draws.csv", "a project.log.parquet", "a project.toml"]
    pd.testing.assert_frame_equal(log_beside(out).frame, kept.frame)
