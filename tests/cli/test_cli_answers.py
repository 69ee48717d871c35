"""What people type who do not know how it is meant gets the answer that they want."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.model.outcome import METRICS
from sim.policies import POLICY_NAMES
from sim.policies.catalogue import settings
from sim.runs.simulate import simulate

Type = Callable[..., Any]
PLUGIN = """
from dataclasses import dataclass
from typing import Annotated
import sim

@dataclass(frozen=True)
class Mine(sim.Policy):
    name: str = "mine"
    price: Annotated[float, sim.Setting("least that is stated", "k€/pd", low=-9, high=9)] = 1.0

    def decide(self, estimate, project):
        return sim.accept(f"at least {self.price}") if estimate.stated >= self.price else sim.decline(f"less than {self.price}")
"""
QUESTION = """
name = "own"
question = "What does the price do?"
scenarios = ["small.toml"]
policies = ["always-accept", "mine", "mine:price=2"]
reference = "always-accept"
[design]
kind = "sweep"
[[factors]]
key = "policy.mine.price"
levels = {levels}
[precision]
replications = 2
quick = 2
"""


@pytest.fixture
def own(tmp_path: Path) -> None:
    (tmp_path / "own_policies.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "own.toml").write_text(QUESTION.format(levels="[0.5, 3]"), encoding="utf-8")


def test_help_is_a_command_too(typed: Type) -> None:
    assert typed("help").out == typed("--help").out
    for command in ("compare", "run", "help"):
        assert typed("help", command).out == typed(command, "--help").out
    assert "did you mean compare?" in typed("help", "compre").err


def test_every_command_stands_in_the_help(typed: Type) -> None:
    from sim.cli import app

    commands = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    assert {"compare", "explain", "check", "new", "run", "results", "verify", "stress", "ledger", "fit", "report", "help"} <= commands
    assert all(f"\n  {command} " in typed().out for command in commands)


def test_measures_are_told_by_name(typed: Type) -> None:
    said = typed("metrics", "net_benefit", "delay").out
    assert [line.split()[0] for line in said.splitlines() if not line.startswith(" ")] == ["net_benefit", "delay"]
    assert METRICS["net_benefit"].meaning in said
    assert "did you mean net_benefit?" in typed("metrics", "net_benfit").err
    assert "lead_time is gone: say lead_time_delivered" in typed("metrics", "lead_time").err.replace("'", "")


def test_policies_are_told_by_name_with_what_their_settings_mean(typed: Type) -> None:
    said = typed("policies", "change-board", "co-evaluated:days=7").out
    assert [line for line in said.splitlines() if line and line[0] not in " N"] == ["change-board", "co-evaluated:days=7"]
    flat = " ".join(said.split())
    assert "days=10.0: days between sessions; 0: each request at once, a number of days (0 or 0.1 to 10000)" in flat
    assert "days=7.0" in flat
    assert [one["name"] for one in json.loads(typed("policies", "gatekeeper", "--json").out)] == ["gatekeeper"]
    assert "did you mean change-board?" in typed("policies", "chnge-board").err


@pytest.mark.parametrize("name", POLICY_NAMES)
def test_every_setting_is_explained(typed: Type, name: str) -> None:
    flat = " ".join(typed("policies", name).out.split())
    assert all(f"{key}={slot.by_default}: {slot.says.meaning}" in flat for key, slot in settings(name).items())


def test_several_policies_in_one_word_are_told_apart(typed: Type) -> None:
    assert "one by one: --policy a --policy b" in typed("compare", "small.toml", "-p", "a,b").err


def test_a_request_that_is_not_there_is_told_with_the_numbers_that_are(typed: Type) -> None:
    made = {ask.request.number for ask in simulate("small.toml", "always-accept").ledger.asks}
    said = typed("explain", "small.toml", "-p", "always-accept", "--request", "99999")
    told = said.err.partition("request 99999 was not made in replication 0; made were ")[2].strip()
    ranges = [[int(end) for end in part.split(" to ")] for part in told.split(", ")]
    assert {number for ends in ranges for number in range(ends[0], ends[-1] + 1)} == made
    assert len(ranges) < len(made) / 5


@pytest.mark.parametrize(("key", "meant"), [
    ("team.developer", "team.roles.developer.headcount or team.roles.developer.joins or team.roles.developer.leaves"),
    ("developer.headcount", "team.roles.developer.headcount"),
    ("workflow.0.share", "team.workflow.0.share"), ("appetite", "customer.appetite"),
])
def test_a_part_of_a_key_is_told_with_the_whole(typed: Type, key: str, meant: str) -> None:
    said = typed("compare", "small.toml", "--set", f"{key}=6")
    assert said.err == f"intakelab: --set {key} is not known; did you mean {meant}?\n"


# --- policies of one's own, with settings ---


@pytest.mark.usefixtures("own")
def test_a_plugin_s_policy_takes_settings_like_any_other(typed: Type) -> None:
    said = typed("explain", "small.toml", "--plugin", "own_policies.py", "-p", "mine:price=2")
    assert said.code == 0, said.err
    assert "at least 2.0" in said.out
    wrong = typed("explain", "small.toml", "--plugin", "own_policies.py", "-p", "mine:prize=2")
    assert "policy mine: setting 'prize' is not known; did you mean price?" in wrong.err
    wrong = typed("explain", "small.toml", "--plugin", "own_policies.py", "-p", "mine:price=10")
    assert "policy mine: price = '10' — a number of k€/pd from -9 to 9 is needed (default 1.0)" in wrong.err


@pytest.mark.usefixtures("own")
def test_the_next_command_brings_the_plugin_along(typed: Type) -> None:
    said = typed("compare", "small.toml", "--plugin", "own_policies.py", "-p", "mine", "-p", "mine:price=2", "-n", "2", "--workers", "1")
    advice = said.out.rstrip().splitlines()[-1]
    assert typed(*advice.removeprefix("Next: intakelab ").split()).code == 0


@pytest.mark.usefixtures("own")
def test_an_experiment_takes_them_and_sweeps_them(typed: Type, tmp_path: Path) -> None:
    said = typed("run", "own.toml", "--plugin", "own_policies.py", "--workers", "1", "--json")
    assert said.code == 0, said.err
    [folder] = (tmp_path / "results").iterdir()
    asked = "SELECT policy, label, avg(admitted) AS share FROM runs JOIN points USING (point) GROUP BY ALL ORDER BY ALL"
    rows = [line.split(",") for line in typed("results", str(folder), "--sql", asked, "--csv").out.splitlines()[1:]]
    share = {(policy, label): float(value) for policy, label, value in rows}
    assert share["mine", "price=0.5"] > share["mine", "price=3"]
    assert share["mine:price=2", "price=0.5"] == share["mine:price=2", "price=3"], "a policy with a name of its own is not swept"


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(("levels", "words"), [
    ("[0.5, 10]", "policy mine: price = 10 — a number of k€/pd from -9 to 9 is needed"),
    ('[0.5, "much"]', "policy mine: price = 'much' — a number of k€/pd from -9 to 9 is needed"),
])
def test_a_sweep_keeps_to_the_range_of_the_setting(typed: Type, tmp_path: Path, levels: str, words: str) -> None:
    (tmp_path / "own.toml").write_text(QUESTION.format(levels=levels), encoding="utf-8")
    said = typed("run", "own.toml", "--plugin", "own_policies.py", "--workers", "1")
    assert said.code == 2
    assert words in said.err
