"""Words of a file from anybody do no harm where they go: a terminal, report.txt, CSV files, the ledger, a notebook."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ExperimentError, PolicyError
from sim.policies.policy import PolicyOfParts
from sim.policies.policy_file import load_policy
from sim.report.export import write_comparison
from sim.scenario import Scenario
from sim.study.compare import compare
from sim.study.experiment_texts import gather
from sim.study.plugin import load_plugins
from sim.toml.harmless import csv_cell, csv_frame, markdown, printable
from sim.toml.names import NAME_RULE, is_name

Type = Callable[..., Any]
Writes = Callable[..., Path]
FORMULA = "=HYPERLINK(1)"
WORDS = r"[click](javascript:alert) <script>alert</script> a|b `x` \u001b[31mred\u001b]0;t\u0007"
BAD_NAMES = ["=HYPERLINK(1)", "@sum", "-x", "+1", "a|b", "<script>", r"a\u001b[31m", "[x](y)", "a`b", " a"]


@pytest.fixture
def hostile(typed: Type, write: Writes, tmp_path: Path) -> Any:
    """What was printed about an experiment with hostile words; its ledger is in questions/, its results in results/."""
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions/points.csv").write_text(f"label,customer.request_rate\n{FORMULA},0.4\n+cmd,0.8\n", encoding="utf-8")
    write(
        ("small.toml", "../small.toml"), ('accepting everything take longer?"', f'{WORDS}"\nexpectation = "{WORDS}"'),
        ("always-accept finishes later", WORDS), ('kind = "sweep"', 'kind = "table"\ntable = "points.csv"'),
        ('[[factors]]\nkey = "customer.request_rate"\nlevels = [0.2, 1.2]\n', ""), name="questions/tiny.toml")
    said = typed("run", "questions/tiny.toml", "--quick", "--workers", "1")
    assert said.code == 0, said.err
    assert typed("ledger", "questions", "--quick", "--workers", "1").code == 0
    return said


def test_a_terminal_gets_no_control_characters(typed: Type, hostile: Any) -> None:
    [folder] = Path("results").iterdir()
    texts = [hostile.out, hostile.err, (folder / "report.txt").read_text(encoding="utf-8")]
    texts += [typed(*words).out for words in (["results", str(folder)], ["stress", str(folder)], ["check", "questions/tiny.toml"])]
    for text in texts:
        assert all(line.isprintable() for line in text.split("\n"))


def test_an_error_of_somebody_s_code_moves_no_cursor(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(
        "import sim\nclass Loud(sim.Policy):\n    name = 'loud'\n    def decide(self, e, p):\n        raise ValueError('\\x1b[31mred')\n",
        encoding="utf-8")
    said = typed("compare", "small.toml", "--plugin", "loud.py", "-p", "loud", "-p", "always-accept", "-n", "2", "--workers", "1")
    assert r"ValueError: \x1b[31mred" in said.err
    assert all(line.isprintable() for line in (said.out + said.err).split("\n"))


def test_no_cell_of_a_csv_file_begins_like_a_formula(hostile: Any) -> None:
    [folder] = Path("results").iterdir()
    files = list(folder.glob("*.csv"))
    cells = [cell for file in files for row in csv.reader(file.open(encoding="utf-8")) for cell in row]
    assert f"'{FORMULA}" in cells
    assert "'+cmd" in cells
    assert [cell for cell in cells if re.match(r"[=@\t\r]|[+-](?![\d.]|inf)", cell)] == []
    assert any(float(cell) < 0.0 for cell in cells if re.fullmatch(r"-[\d.e-]+", cell)), "numbers below 0 are numbers"


def test_the_ledger_has_no_markup_of_theirs(hostile: Any) -> None:
    page = Path("questions/README.md").read_text(encoding="utf-8")
    assert page.count(r"\[click](javascript:alert) \<script>alert\</script> a\|b \`x\`") == 4  # table, heading, expectation, claim
    assert not re.search(r"(?<!\\)<script|(?<!\\)\[click", page)
    assert all(line.isprintable() for line in page.split("\n"))
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5, 7}


@pytest.mark.parametrize("name", BAD_NAMES)
def test_one_rule_holds_for_every_name_that_a_file_gives(write: Writes, tmp_path: Path, name: str) -> None:
    for change in (('"tiny"', f'"{name}"'), ('name = "never"', f'name = "{name}"'), ("[policy.hurried]", f'[policy."{name}"]')):
        with pytest.raises(ExperimentError, match=NAME_RULE):
            gather(write(change))
    (tmp_path / "mine.toml").write_text(f'name = "{name}"\nbase = "co-evaluated"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=f"line 1: name = .* — {NAME_RULE}"):
        load_policy(tmp_path / "mine.toml")


def test_the_rule_holds_for_plugins_too(tmp_path: Path) -> None:
    (tmp_path / "named_badly.py").write_text("import sim\nmine = sim.PolicyOfParts(name='=1+1')\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=NAME_RULE):
        load_plugins([str(tmp_path / "named_badly.py")])


def test_a_comparison_written_down_is_harmless_whatever_a_policy_is_called(tmp_path: Path) -> None:
    """From Python a policy may have any name."""
    small = Scenario().with_values({"project.planned_items": 2, "project.horizon": 20.0, "project.deadline": 10.0})
    found = compare(small, ["always-accept", PolicyOfParts(name=FORMULA)], anchors=(), replications=2)
    write_comparison(tmp_path, found, command="")
    for name in ("runs.csv", "summary.csv"):
        assert set(pd.read_csv(tmp_path / name)["policy"]) == {"always-accept", f"'{FORMULA}"}


# --- for every text ---


@given(st.text())
def test_any_text_is_printable_and_a_fine_one_is_left_alone(text: str) -> None:
    assert all(line.isprintable() for line in printable(text).split("\n"))
    assert printable("a\nb ±") == "a\nb ±"


@given(st.text())
def test_any_text_is_one_line_of_markdown_without_markup(text: str) -> None:
    line = markdown(text)
    assert line.isprintable()
    assert not re.search(r"[`*<\[|]", re.sub(r"\\.", "", line))


@given(st.text() | st.sampled_from(["=1", "+1+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "-1 +EXEC (1)", "-A1", "\t=1", "\r=1", "  =1"]))
def test_any_text_in_a_csv_file_is_no_formula(text: str) -> None:
    cell = csv_cell(text)
    assert cell in (text, f"'{text}")
    if cell == text:
        assert not text.lstrip(" ").startswith(("=", "@", "\t", "\r"))
        if text.lstrip(" ").startswith(("+", "-")):
            assert re.fullmatch(r"[\d\s.,±%()\[\]–toe+-]*", text) or not re.search(r"[|=!@()'\"]|^[+-][^\d.,]|^[+-][\d.,]*[^\d., ]", text)


@pytest.mark.parametrize("figure", ["+13.3 [9.0 to 17.5] worse", "-0.861 k€/pd", "-8 ±3", "-4.4 (-10 to 2)", "-1e-05", "–"])
def test_a_figure_of_ours_stays_as_it_is(figure: str) -> None:
    assert csv_cell(figure) == figure


@given(st.floats() | st.integers())
def test_a_number_in_a_csv_file_stays_a_number(value: float) -> None:
    assert csv_cell(value) is value
    assert csv_cell(repr(value)) == repr(value) or "inf" in repr(value)


def test_a_frame_keeps_its_numbers_and_its_own_cells() -> None:
    frame = pd.DataFrame({"=a": ["=1", None, "b"], "n": [-1.5, 2.0, float("nan")]})
    made = csv_frame(frame)
    assert made.to_csv(index=False) == "'=a,n\n'=1,-1.5\n,2.0\nb,\n"
    assert list(frame.columns) == ["=a", "n"]
    assert json.loads(frame.to_json())["=a"]["0"] == "=1"


@given(st.text())
def test_what_is_a_name_needs_no_escaping(text: str) -> None:
    if is_name(text):
        assert printable(text) == text
        assert csv_cell(text) == text
        assert not re.search(r"[`*<\[|\\]", text)
