"""docs/findings.md says what was written beforehand for the verdict that came out, and names only claims that are made."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from validation.findings import Row, findings, in_the_ledger, page

ROOT = Path(__file__).parents[2]
ASKED = findings()
CLAIMS = {
    f"{path.stem}/{claim['name']}" for path in (ROOT / "experiments").glob("*.toml")
    for claim in tomllib.loads(path.read_text(encoding="utf-8")).get("hypotheses", [])}


def told(ruling: str, by_effort: str | None = None) -> str:
    """The page where every verdict is this one, but for those by effort."""
    return page(ASKED, {claim: Row(by_effort or ruling if claim.endswith("by-effort") else ruling, "+1 (0 to 2)") for claim in CLAIMS})


def test_there_are_ten() -> None:
    assert len(ASKED) == 10


def test_every_claim_that_is_named_is_made() -> None:
    assert {claim for one in ASKED for claim in one.claims} <= CLAIMS


@pytest.mark.parametrize(("ruling", "words"), [
    ("supported", "supported"), ("contradicted", "refuted"), ("equivalent", "refuted"), ("inconclusive", "open")])
def test_the_verdict_picks_the_sentence(ruling: str, words: str) -> None:
    said = told(ruling)
    for one in ASKED:
        for outcome in ("supported", "refuted", "open"):
            assert (f"**{getattr(one, outcome)}**" in said) == (outcome == words)


def test_where_paid_and_effort_disagree_nothing_is_found() -> None:
    said = told("supported", "contradicted")
    assert said.count("The two accounts disagree") == sum(bool(one.also) for one in ASKED) > 0
    assert not any(f"**{one.supported}**" in said for one in ASKED if one.also)


def test_what_was_not_run_is_not_told_as_found() -> None:
    assert page(ASKED, {}).count("Not run yet") == len(ASKED)


def test_a_verdict_of_an_experiment_that_was_changed_since_does_not_count(tmp_path: Path) -> None:
    text = "## adoption\n\nfile 000000000000, model 1\n\n| `half-time` words *(a)* | **supported** | delay -1 days | 5 | 9% | 3 |\n"
    assert in_the_ledger(text, ROOT / "experiments") == {}
    assert in_the_ledger(text.replace("000000000000", "?"), tmp_path) == {"adoption/half-time": Row("supported", "delay -1 days")}


def test_the_page_is_what_the_command_writes() -> None:
    ledger = in_the_ledger((ROOT / "experiments/README.md").read_text(encoding="utf-8"), ROOT / "experiments")
    assert (ROOT / "docs/findings.md").read_text(encoding="utf-8") == page(ASKED, ledger), "write it anew: python -m validation.findings"
