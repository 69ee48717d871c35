"""What the documents tell a reader to type works as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FEW = {"compare": ["--replications", "2", "--workers", "1", "--quiet"]}


def commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = re.findall(r"^(?:\$ )?(intakelab [^\n#&|]*)", text, flags=re.MULTILINE)
        inline = re.findall(r"`(intakelab [^`<>\[\]|…]*[^`<>\[\]|.…])`", text)
        found += [(page.name, command.strip()) for command in dict.fromkeys(lines + inline) if "..." not in command]
    return found


@pytest.mark.parametrize(("page", "command"), commands(), ids=lambda text: text)
def test_a_command_in_the_documents_runs(page: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.cli import app

    words = shlex.split(" ".join(command.split()))[1:]
    if words and words[0] == "new":
        words = ["new", str(tmp_path / "my.toml")]
    elif "my.toml" in words or "my-project.toml" in words:
        example = tmp_path / "my.toml"
        CliRunner().invoke(app, ["new", str(example)])
        words = [str(example) if word in ("my.toml", "my-project.toml") else word for word in words]
    if "--out" in words:
        words[words.index("--out") + 1] = str(tmp_path / "out")
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, words + FEW.get(words[0] if words else "", []))
    assert result.exit_code == 0, f"{page}: {command}\n{result.output}"


def test_there_are_commands_to_test() -> None:
    assert len(commands()) >= 5
