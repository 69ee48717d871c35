"""The quick tier holds something of every concept, and names nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tiers import QUICK, UNTRACED

ROOT = Path(__file__).parents[2]
CONCEPTS = sorted({path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")})


@pytest.mark.parametrize("concept", CONCEPTS)
def test_the_quick_tier_has_a_test_of_every_concept(concept: str) -> None:
    assert [name for name in QUICK if name.startswith(f"tests/{concept}/")]


@pytest.mark.parametrize("name", [*QUICK, *UNTRACED])
def test_what_a_tier_names_is_there(name: str) -> None:
    path, _, function = name.partition("::")
    assert (ROOT / path).exists()
    assert not function or re.search(rf"^def {function}", (ROOT / path).read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_a_test_is_quick_if_the_tier_names_it(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("quick")
