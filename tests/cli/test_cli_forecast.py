"""The command forecast, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Type
from tests.decide.made_logs import kept, world

HADOOP = str(Path(__file__).parents[2] / "docs/examples/hadoop.csv")


@pytest.fixture
def log(tmp_path: Path) -> str:
    from sim.fit.kept_log import log_bytes

    path = tmp_path / "my.log.parquet"
    path.write_bytes(log_bytes(kept(world("delay", 3).past(700.0))))
    return str(path)


def test_an_export_that_was_cut_off_asks_for_the_day(typed: Type) -> None:
    said = typed("forecast", HADOOP)
    assert said.code != 0
    assert "--as-of 2021-08-31" in said.err


def test_an_export_up_to_a_day_gives_dates_and_the_next_command(typed: Type) -> None:
    said = typed("forecast", HADOOP, "--as-of", "2021-08-31")
    assert "in 85 of 100 futures" in " ".join(said.out.split())
    assert said.out.splitlines()[-1] == f"Next: intakelab forecast {HADOOP} --as-of 2021-08-31 --backtest"
    assert len(said.out.splitlines()) <= 25


def test_a_kept_log_as_values(typed: Type, log: str) -> None:
    found = json.loads(typed("forecast", log, "--json", "--backtest", "--refuse", "0.3").out)
    assert found["open_now"] > 0
    assert found["backtest"]["moments"] >= 3
    assert found["another"]["refused"] == 0.3
    assert found["now_open"]["p85"] > found["from"]


def test_a_scenario_without_a_log_says_how_to_get_one(typed: Type, tmp_path: Path) -> None:
    scenario = tmp_path / "mine.toml"
    scenario.write_text("name = 'mine'\n")
    assert "intakelab fit" in typed("forecast", str(scenario)).err
