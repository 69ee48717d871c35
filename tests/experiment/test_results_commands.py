"""``intakelab results``, ``verify``, ``stress``, ``ledger`` and ``experiments``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.report.ledger_page import experiment_files
from sim.study.experiment_texts import gather

Type = Callable[..., Any]
Writes = Callable[..., Path]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def kept(typed: Type, write: Writes) -> Path:
    write()
    assert typed("run", "tiny.toml", "--workers", "1", "--quick").code == 0
    [folder] = Path("results").iterdir()
    return folder


def test_results_are_listed_with_their_verdicts(typed: Type, kept: Path) -> None:
    said = typed("results").out
    assert said.startswith(kept.name)
    assert "30 replications, 3 design points" in said
    assert re.search(r"\d (supported|contradicted|equivalent|inconclusive)", said)


def test_a_folder_is_summarised(typed: Type, kept: Path) -> None:
    said = " ".join(typed("results", str(kept)).out.split())
    for words in ("replications 30 at 3 design points", "always-accept, hurried, co-evaluated", "this process, 30 replications in",
                  "Does accepting everything take longer?", "always-accept finishes later"):
        assert words in said


def test_it_can_be_asked_in_sql(typed: Type, kept: Path) -> None:
    query = "SELECT policy, count(*) AS n FROM runs JOIN points USING (point) WHERE label = 'base' GROUP BY policy ORDER BY policy"
    assert typed("results", str(kept), "--sql", query, "--csv").out == "policy,n\nalways-accept,10\nco-evaluated,10\nhurried,10\n"
    wrong = typed("results", str(kept), "--sql", "SELECT nothing FROM nowhere")
    assert (wrong.code, "Traceback" in wrong.err) == (2, False)


@pytest.mark.parametrize("command", ["verify", "stress", "results"])
def test_what_is_no_results_folder_is_said(typed: Type, command: str) -> None:
    said = typed(command, "nowhere")
    assert said.code == 2
    assert "nowhere" in said.err
    assert "Traceback" not in said.err


def test_verify_runs_replications_again(typed: Type, kept: Path) -> None:
    said = typed("verify", str(kept), "--sample", "7")
    assert said.code == 0
    assert "7 of 30 replications were run again, every number is the same to the last bit" in said.out


def test_verify_finds_numbers_that_the_program_does_not_give(
    typed: Type, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that has changed since: the change is named, and the numbers that differ."""
    from sim.model import effects

    original = effects.speed_under
    monkeypatch.setattr(effects, "speed_under", lambda *args: original(*args) * 1.01)
    monkeypatch.setattr("sim.study.plan.model_version", lambda: "0" * 64)
    said = typed("verify", str(kept), "--sample", "5")
    assert said.code == 1
    assert "not as when the results were made: the model's source was" in said.err
    assert "came out" in said.err


@pytest.mark.parametrize(("metric", "change", "code", "said"), [
    ("cost", lambda cost: cost * (1 + 2e-15), 0, "every fate is the same and every number within 1e-12"),
    ("cost", lambda cost: cost * (1 + 2e-11), 1, "numbers differ in 5 replications"),
    ("delivered", lambda count: count + 1, 1, "numbers differ in 5 replications"),
])
def test_verify_says_whether_all_bits_are_the_same_or_all_numbers_within_a_hair(
    typed: Type, kept: Path, monkeypatch: pytest.MonkeyPatch, metric: str, change: Any, code: int, said: str
) -> None:
    from sim.runs.verify import rerun

    def nearly(work_of: Any) -> Any:
        again = rerun(work_of)
        return lambda point, replication: again(point, replication).assign(**{metric: lambda rows: change(rows[metric])})

    monkeypatch.setattr("sim.study.conduct.rerun", nearly)
    found = typed("verify", str(kept), "--sample", "5")
    assert found.code == code
    assert said in found.out + found.err
    assert "the same to the last bit" not in found.out


def test_stress_fills_the_checklist_and_marks_what_only_people_know(typed: Type, kept: Path) -> None:
    said = typed("stress", str(kept)).out
    for item in ("1.1", "2.5.5", "3.4", "4.3", "5.2", "6.1"):
        assert item in said
    assert "Does accepting everything take longer?" in said
    assert "[to be filled in by the authors" in said
    typed("stress", str(kept), "--out", "stress.md")
    assert Path("stress.md").read_text(encoding="utf-8").strip() == said.strip()


def test_the_ledger_is_written_from_results_only(typed: Type, write: Writes, tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    write(("small.toml", "../small.toml"), name="questions/tiny.toml")
    unfinished = typed("ledger", "questions", "--only-write")
    assert unfinished.code == 2
    assert "has no results in results" in unfinished.err
    said = typed("ledger", "questions", "--quick", "--workers", "1")
    assert said.code == 0
    assert re.search(r"tiny: \d", said.out)
    page = Path("questions/README.md").read_text(encoding="utf-8")
    for words in ("## tiny", "always-accept finishes later", "`never` *boundary:* nobody ever asks", "10 replications each", "`intakelab ledger --quick`"):
        assert words in page
    before = page
    typed("ledger", "questions", "--only-write", "--quick")
    assert Path("questions/README.md").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("manifest", ["", "[]", "{}", "[" * 100_000, '{"sessions": 3}'])
def test_the_ledger_says_which_manifest_was_damaged(typed: Type, write: Writes, tmp_path: Path, manifest: str) -> None:
    (tmp_path / "questions").mkdir()
    write(("small.toml", "../small.toml"), name="questions/tiny.toml")
    assert typed("ledger", "questions", "--quick", "--workers", "1").code == 0
    [kept] = Path("results").iterdir()
    (kept / "manifest.json").write_text(manifest, encoding="utf-8")
    said = typed("ledger", "questions", "--only-write")
    assert said.code == 2
    assert "manifest.json" in said.err
    assert "defect" not in said.err


def test_built_in_experiments_are_listed(typed: Type) -> None:
    said = typed("experiments").out
    for path in experiment_files(ROOT / "experiments"):
        assert f"\n{path.stem}\n" in f"\n{said}"


@pytest.mark.parametrize("path", experiment_files(ROOT / "experiments"), ids=lambda path: path.stem)
def test_the_ledger_is_of_these_very_experiments(path: Path) -> None:
    """A changed file makes its entry stale: `intakelab ledger` writes it anew."""
    experiment, _ = gather(path)
    page = (ROOT / "experiments/README.md").read_text(encoding="utf-8")
    assert f"## {experiment.name}\n" in page
    assert f"file {experiment.digest()[:12]}" in page
    assert path.stem == experiment.name


@pytest.mark.parametrize("path", experiment_files(ROOT / "experiments"), ids=lambda path: path.stem)
def test_every_question_can_fail(path: Path) -> None:
    """Each has claims, and a place where they should fail; a purely exploratory study says so."""
    experiment, _ = gather(path)
    about = [claim.about for claim in experiment.hypotheses]
    if about:
        assert set(about) == {"claim", "boundary"}
    else:
        assert "Nothing is claimed" in experiment.expectation


def test_the_ledger_is_of_this_very_model() -> None:
    """A changed model makes every verdict stale: `intakelab ledger` runs them anew (20 minutes), `docs/claims.md` follows."""
    from sim.runs.model_code import model_version

    page = (ROOT / "experiments/README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"model ([0-9a-f]{12})", page)) == {model_version()[:12]}
