"""What the tests of scenarios share: a file to be read, and the complaint about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario

Complaint = Callable[..., str]


@pytest.fixture
def complaint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Complaint:
    """The message about a file called my-project.toml with this content."""
    monkeypatch.chdir(tmp_path)

    def of(content: str | bytes, overrides: dict[str, object] | None = None) -> str:
        Path("my-project.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(ScenarioError) as caught:
            Scenario.load("my-project.toml", overrides)
        return str(caught.value)

    return of


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[str], Scenario]:
    """The scenario that a file with this content describes."""

    def of(content: str) -> Scenario:
        path = tmp_path / "fine.toml"
        path.write_text(content, encoding="utf-8")
        return Scenario.load(path)

    return of
