"""The command, from a file to a file; every error is one message and exit code 2."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from sim.cli import app
from sim.cli.failures import guarded
from tests.fit.exports import HADOOP, made, weekly

TEAM = ["--team", "developer=4,tester=2"]


def intakelab(*words: object) -> int:
    return guarded(lambda: app([str(word) for word in words], standalone_mode=False, prog_name="intakelab"))


def test_from_the_hadoop_export_to_a_scenario(tmp_path, capsys):
    out = tmp_path / "my-project.toml"
    assert intakelab("fit", HADOOP, *TEAM, "--out", out, "--draws", 40, "-n", 2, "--details") == 0
    said = capsys.readouterr().out
    for part in ("looks like Jira", "Rows: 421 of 421 used", "Warnings", "arrival rate", "Assumed, not measured", "The model beside the log",
                 "Next: intakelab check"):
        assert part in said
    assert said.index("Rows:") < said.index("Warnings") < said.index("Fitted (")
    from sim import Scenario

    assert Scenario.load(out).customer.request_rate > 1.0
    draws = pd.read_csv(tmp_path / "my-project.draws.csv")
    assert len(draws) == 40
    for draw in draws.to_dict("records"):
        Scenario.load(out, draw)


def test_nothing_is_overwritten(tmp_path, capsys):
    out = made(tmp_path / "x.toml", "mine")
    assert intakelab("fit", HADOOP, *TEAM, "--out", out) == 2
    assert "exists already" in capsys.readouterr().err
    assert out.read_text() == "mine"


def test_json_and_nothing_else(capsys):
    assert intakelab("fit", HADOOP, *TEAM, "--json", "--draws", 20, "-n", 1) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["used"] == 421


def test_a_foreign_table_with_map_and_words(tmp_path, capsys):
    table = weekly().rename(columns={"Created": "Opened at", "Resolved": "Gone at", "Resolution": "End"}).drop(columns=["Status"])
    table.loc[::2, "End"], table.loc[1::4, "End"] = "Shipped", "Nope"
    table.to_csv(tmp_path / "x.csv", sep=";", index=False)
    assert intakelab("fit", tmp_path / "x.csv", "--team", "dev=2", "--map", "created=Opened at", "--map", "resolved=Gone at", "--map",
                     "outcome=End", "--accepted", "Shipped", "--rejected", "Nope,Never", "--draws", 20, "-n", 0, "--details") == 0
    said = capsys.readouterr().out
    assert "Requests: 45 accepted, 15 rejected" in said
    assert "The model beside the log" not in said


@pytest.mark.parametrize(("content", "said"), [
    ("", "is empty"), ("a,b\n1,2\n", "no column says when a request came"),
    ("Created,Resolved\n2024-01-01,2024-01-02\n", "1 usable row"),
    ("Created,Resolved\n" + "soon,later\n" * 30, '"Created" has words in place of days: "soon" (30)'),
    ("Created,Resolved\n" + "2024-13-45,2024-01-02\n" * 30, "rows 2, 3, 4"),
    ("Created,Resolved\n" + "2024-01-05,2024-01-01\n" * 30, '30 with "Resolved" before "Created"'),
    ("Created,Resolved\n" + "\n".join(f"2024-{m:02}-05," for m in range(1, 13)), "is closed"),
    (b"\x00\x01\x02binary", "is binary"),
])
def test_bad_input_is_one_message_and_exit_code_2(tmp_path, capsys, content, said):
    assert intakelab("fit", made(tmp_path / "x.csv", content), *TEAM) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert "unexpected" not in error


def test_what_is_printed_cannot_move_the_cursor(tmp_path, capsys):
    table = weekly()
    table.loc[:5, "Resolution"] = "\x1b[2J<b>gone</b>"
    table.to_csv(tmp_path / "x.csv", index=False)
    assert intakelab("fit", tmp_path / "x.csv", "--team", "dev=2", "--draws", 20, "-n", 0) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_folder_that_is_not_there(tmp_path, capsys):
    assert intakelab("fit", HADOOP, *TEAM, "--out", tmp_path / "none" / "x.toml", "--draws", 20, "-n", 0) == 2
    assert "cannot be written" in capsys.readouterr().err
