"""``intakelab compare``: a table to read, data for programs, files to keep; the same whatever the workers."""

from __future__ import annotations

import io
import json
import math
import re
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.model.outcome import METRICS
from sim.policies.policy import PolicyFromFunction
from sim.scenario import Scenario
from sim.study.compare import compare

Type = Callable[..., Any]
TWO = ("--policy", "always-accept", "--policy", "co-evaluated")
QUICK = ("compare", "small.toml", *TWO, "--replications", "3", "--workers", "1")


def test_the_table_says_what_was_compared_and_how_to_go_on(typed: Type) -> None:
    said = typed(*QUICK)
    assert (said.code, said.err) == (0, "")
    flat = " ".join(said.out.split())
    assert flat.startswith("small · 4 policies · 3 replications, the same customers for each net benefit")
    for word in ("against refuse-all", "k€, paired", "delay", "days", "accept-all", "Below 20 replications", "--details"):
        assert word in flat
    assert said.out.rstrip().splitlines()[-1] == (
        "Next: intakelab explain small.toml --seed 1 --policy always-accept --policy co-evaluated --replication 0")
    assert max(len(line) for line in said.out.splitlines() if not line.startswith("Next")) <= 80


def test_the_next_command_works_when_it_is_pasted(typed: Type) -> None:
    advice = typed(*QUICK, "--set", "customer.request_rate=0.5").out.rstrip().splitlines()[-1]
    words = advice.removeprefix("Next: intakelab ").split()
    said = typed(*words)
    assert said.code == 0
    named = [name for flag, name in pairwise(words) if flag == "--policy"]
    assert len(named) == 2
    assert all(name in said.out for name in named)


def test_refusing_and_accepting_everything_are_not_shown_where_they_are_not_wanted(typed: Type, tmp_path: Path) -> None:
    said = typed(*QUICK, "--no-anchors", "--json", "--out", str(tmp_path / "kept"))
    assert json.loads(said.out)["policies"] == ["always-accept", "co-evaluated"]
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert "--no-anchors" in manifest["command"]
    assert [policy["name"] for policy in manifest["policies"]] == ["always-accept", "co-evaluated"]


def test_quiet_leaves_the_advice_out(typed: Type) -> None:
    assert "Next:" not in typed(*QUICK, "--quiet").out


def test_the_command_line_prints_the_numbers_of_python(typed: Type) -> None:
    found = compare(Scenario.load("small.toml"), ["always-accept", "co-evaluated"], replications=3)
    said = json.loads(typed(*QUICK, "--json").out)
    assert said["digest"] == found.scenario.digest()
    rows = {(row["policy"], row["metric"]): row for row in said["summary"]}
    assert len(rows) == 4 * len(METRICS), "the two, and beside them refusing and accepting everything"
    for key, row in found.summary.iterrows():
        expected = float(row["mean"])
        assert rows[key]["mean"] == (None if math.isnan(expected) else expected)  # type: ignore[index]
    assert said["sentences"] == list(found.sentences)


def test_csv_is_the_summary_and_nothing_else(typed: Type) -> None:
    table = pd.read_csv(io.StringIO(typed(*QUICK, "--csv").out))
    assert set(table["policy"]) == {"always-accept", "co-evaluated", "refuse-all", "accept-all"}
    assert {"mean", "low", "high", "difference", "difference_low", "difference_high", "real"} <= set(table.columns)


def test_workers_change_no_character(typed: Type) -> None:
    assert typed(*QUICK[:-1], "2", "--json").out == typed(*QUICK, "--json").out


def test_a_setting_reaches_the_project_and_the_seed_the_luck(typed: Type) -> None:
    plain = typed(*QUICK, "--csv").out
    assert typed(*QUICK, "--csv").out == plain
    assert typed(*QUICK, "--csv", "--seed", "2").out != plain
    assert typed(*QUICK, "--csv", "--set", "customer.request_rate=0").out != plain


def test_details_show_every_measure_against_the_reference_and_say_what_they_tell(typed: Type) -> None:
    out = typed(*QUICK, "--details").out
    assert all(word in out for word in ("satisfaction", "scope growth", "rework", "on time", "censored", "against co-evaluated"))
    assert "reference: co-evaluated" in " ".join(out.split())
    assert "Same customers, same luck" in " ".join(out.split())
    assert "the same with --details" not in out


def test_out_keeps_the_runs_bit_for_bit_and_says_how_they_came_about(typed: Type, tmp_path: Path) -> None:
    said = typed(*QUICK, "--set", "customer.request_rate=0.5", "--out", "kept/here")
    assert said.code == 0
    folder = tmp_path / "kept" / "here"
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "runs.csv", "runs.parquet", "summary.csv"]
    runs = pd.read_parquet(folder / "runs.parquet")
    read = pd.read_csv(folder / "runs.csv", engine="pyarrow")  # exact in every pandas
    pd.testing.assert_frame_equal(read, runs, check_exact=True, check_dtype=False)
    assert list(runs.columns) == ["scenario", "policy", "seed", "replication", *METRICS]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["scenario"]["text"] == (tmp_path / "small.toml").read_text(encoding="utf-8")
    assert manifest["versions"]["simpy"]
    again = typed(*manifest["command"].split()[1:], "--out", "again")
    assert again.code == 0
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "again" / "runs.parquet"), runs, check_exact=True)


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    said = typed("compare", "small.toml", "--replications", "1000000", "--out", "taken")
    assert said.code == 2
    assert said.err.startswith("intakelab: taken: cannot be written to")


def test_a_policy_from_parts_is_compared_like_any_other(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('name = "mine"\nbase = "change-board"\n[cadence]\ndays = 3\n', encoding="utf-8")
    said = typed(*QUICK, "--policy", "mine.toml", "--policy", "change-board:days=3")
    assert said.code == 0
    assert re.search(r"^mine\s", said.out, re.MULTILINE)


def test_runs_that_fail_are_told_and_the_rest_is_shown(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(estimate: Any, project: Any) -> Any:
        raise RuntimeError("lost my notes")

    monkeypatch.setattr("sim.policies.policy_file.policy_from", lambda text, own: (
        PolicyFromFunction(name="bad", function=stumbles) if text == "bad" else __import__("sim").policies.make(text)))
    said = typed("compare", "small.toml", "-p", "always-accept", "-p", "bad", "-n", "2", "--workers", "1")
    assert said.code == 1
    assert "always-accept" in said.out
    again = "intakelab explain small.toml --seed 1 --policy bad --replication 0"
    assert f"RuntimeError: lost my notes; to see it: {again}" in said.err
    assert "2 of 8 runs failed" in said.err


# --- processes of their own ---


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_is_done(process: Callable[..., subprocess.Popen[str]], workers: str) -> None:
    running = process("compare", "small.toml", *TWO, "--replications", "200000", "--workers", workers, "--out", "kept")
    time.sleep(10)  # long enough for the first block also on a busy machine
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    kept = re.search(r"interrupted; kept (\d+) of 200000 replications", err)
    assert kept, err
    assert f"interrupted after {kept[1]} of 200000 replications" in " ".join(out.split())
    assert "Traceback" not in err


@pytest.mark.parametrize(("command", "lines_read"), [("assumptions", 1), ("scenarios", 0)])
def test_a_pipe_that_is_closed_is_no_complaint(
    process: Callable[..., subprocess.Popen[str]], command: str, lines_read: int
) -> None:
    running = process(command)
    assert running.stdout is not None
    assert running.stderr is not None
    for _ in range(lines_read):
        running.stdout.readline()
    running.stdout.close()
    assert running.stderr.read() == ""
    running.stderr.close()
    running.wait(timeout=30)


def test_a_terminal_without_unicode_gets_question_marks_not_a_crash(process: Callable[..., subprocess.Popen[str]]) -> None:
    out, err = process(*QUICK, "--quiet", PYTHONIOENCODING="ascii").communicate(timeout=60)
    assert err == ""
    assert "k?" in out


def test_nothing_but_the_result_is_printed_when_piped(process: Callable[..., subprocess.Popen[str]]) -> None:
    out, err = process(*QUICK, "--json").communicate(timeout=60)
    assert err == ""
    assert json.loads(out)["replications"] == 3
    assert "\x1b" not in out


def test_what_if_tells_what_a_moved_value_changes(typed: Type) -> None:
    said = typed(*QUICK, "--what-if", "customer.request_rate*2")
    assert (said.code, said.err) == (0, "")
    assert re.match(r"With customer\.request_rate at \S+ instead of \S+: ", said.out)
    assert len(said.out.splitlines()) <= 25
    told = json.loads(typed(*QUICK, "--what-if", "customer.request_rate*2", "--json").out)["what_if"]
    assert set(told["policies"]) == {"always-accept", "co-evaluated", "accept-all", "refuse-all"}
    for row in told["policies"].values():
        assert math.isclose(row["after"] - row["before"], row["change"]["mean"], abs_tol=1e-9)


def test_what_if_is_refused_where_one_scenario_is_told_of(typed: Type) -> None:
    said = typed(*QUICK, "--what-if", "customer.request_rate*2", "--csv")
    assert said.code != 0
    assert "--what-if goes with no --csv" in said.err
