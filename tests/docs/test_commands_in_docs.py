"""What the documents tell a reader to type works as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md",
         *(page for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "tutorial.md")]
FEW = {"tune": ["--quick", "--replications", "20", "--policy", "capacity-limit"],
       "compare": ["--replications", "2", "--workers", "1", "--quiet"],
       "run": ["--replications", "2", "--workers", "1", "--quiet"],
       "report": ["--tuning", "none", "--replications", "2", "--per-end", "2", "--policy", "always-accept", "--policy", "co-evaluated",
                  "--workers", "1"],
       "fit": ["--replications", "0"]}
PLACEHOLDERS = {"EXPERIMENT": "adoption", "NAME": "co-evaluated", "FILE": "scenarios/classroom.toml"}


def commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = re.findall(r"^(?:\$ )?(intakelab [^\n#&|]*)", text, flags=re.MULTILINE)
        inline = re.findall(r"`(intakelab [^`<>\[\]|…]*[^`<>\[\]|.…])`", text)
        found += [(page.name, command.strip()) for command in dict.fromkeys(lines + inline) if "..." not in command]
    return found


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with results of a built-in experiment, as a reader has them by the time he asks about them."""
    from sim.cli import app

    place = tmp_path_factory.mktemp("studied")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(place)
        assert CliRunner().invoke(app, ["run", "unrealistic-expectations", *FEW["run"]]).exit_code == 0
    return place


@pytest.mark.parametrize(("page", "command"), commands(), ids=lambda text: text)
def test_a_command_in_the_documents_runs(
    page: str, command: str, tmp_path: Path, studied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.cli import app

    words = shlex.split(" ".join(command.split()))[1:]
    name = words[0] if words else ""
    monkeypatch.chdir(ROOT)
    if words in (["run"], ["verify"], ["stress"]):
        words.append("--help")  # only named
    elif name == "new":
        words = ["new", str(tmp_path / "my.toml")]
    elif name == "fit":
        monkeypatch.chdir(tmp_path)
        shutil.copy(ROOT / "docs/examples/hadoop.csv", "tracker.csv")
    elif name == "forecast":
        CliRunner().invoke(app, ["fit", str(ROOT / "docs/examples/board.csv"), "--team", "developer=3", "--out",
                                 str(tmp_path / "my.toml"), "-n", "0", "--draws", "20"])
        words = [str(tmp_path / "my.toml") if word in ("my.toml", "my-project.toml") else word for word in words]
    elif "my.toml" in words or "my-project.toml" in words:
        example = tmp_path / "my.toml"
        CliRunner().invoke(app, ["new", str(example)])
        words = [str(example) if word in ("my.toml", "my-project.toml") else word for word in words]
    elif name in ("results", "verify", "stress"):
        monkeypatch.chdir(studied)
        [folder] = (studied / "results").iterdir()
        words = [str(folder) if word in ("results/NAME-HASH", "FOLDER") else word for word in words]
    elif name == "run":
        monkeypatch.chdir(tmp_path)
        words = [word for word in words if word != "--quick"]
    elif name == "ledger":
        return  # runs everything; tests/experiment has it on a folder of one
    if name == "tune":
        monkeypatch.chdir(tmp_path)  # where its results are kept
    words = [PLACEHOLDERS.get(word, word) for word in words]
    if "--out" in words:
        words[words.index("--out") + 1] = str(tmp_path / "out")
    result = CliRunner().invoke(app, words + FEW.get(name, []))
    assert result.exit_code == 0, f"{page}: {command}\n{result.output}"


def test_there_are_commands_to_test() -> None:
    assert len(commands()) >= 5


def test_the_readme_shows_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line; numbers may differ in the last digit between machines, so they are compared as numbers."""
    from sim.cli import app

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```console\n(intakelab compare --policy[^\n]*)\n```\n\n```text\n(.*?)```", text, flags=re.DOTALL)
    assert shown
    monkeypatch.setenv("COLUMNS", "100")
    printed = CliRunner().invoke(app, [*shlex.split(shown[1])[1:], "--quiet", "--workers", "1"]).output
    assert re.sub(r"\d", "0", printed.strip()) == re.sub(r"\d", "0", shown[2].strip())
    for here, there in zip(re.findall(r"\d+\.?\d*", printed), re.findall(r"\d+\.?\d*", shown[2]), strict=True):
        assert float(here) == pytest.approx(float(there), rel=0.02, abs=0.11)
