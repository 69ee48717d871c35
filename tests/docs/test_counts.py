"""Where a document says how many experiments, scenarios or policies come along, it says as many as there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.policies import POLICY_NAMES
from sim.toml.shipped import builtin_names

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
WORDS = dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"], range(1, 21), strict=True))
COUNTS = {"experiment": len(builtin_names("experiments")), "question": len(builtin_names("experiments")),
          "scenario": len(builtin_names("scenarios")), "policies": len(POLICY_NAMES)}
NUMBER = rf"\b({'|'.join(WORDS)}|\d+)"
SAID = re.compile(
    rf"{NUMBER} (?:of the )?built-in (experiment|scenario|policies)|{NUMBER} (question)s? \(|the {NUMBER} that come along()|"
    rf"{NUMBER} (policies) made of parts", re.IGNORECASE)


def said_in(text: str) -> list[tuple[str, int]]:
    flat = " ".join(text.split())
    found = []
    for match in SAID.finditer(flat):
        number = next(group for group in match.groups()[::2] if group)
        noun = next((group for group in match.groups()[1::2] if group), "experiment").lower()
        found.append((noun, WORDS.get(number.lower()) or int(number)))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_says_as_many_as_there_are(page: Path) -> None:
    for noun, count in said_in(page.read_text(encoding="utf-8")):
        assert count == COUNTS[noun], f"{page.name} says {count} of kind {noun}; there are {COUNTS[noun]}"


def test_the_reader_of_counts_finds_them() -> None:
    assert said_in("The sixteen that\ncome along. All 12 built-in experiments. Fourteen policies made of parts") == [
        ("experiment", 16), ("experiment", 12), ("policies", 14)]
    assert {page.name for page in PAGES if said_in(page.read_text(encoding="utf-8"))} >= {"README.md", "studies.md"}
