"""The scenario that is written: commented, without a row of the log, and accepted by the rest of IntakeLab."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from sim import Scenario, simulate
from sim.errors import FitError
from sim.fit.fit import parse_team
from sim.fit.fitted_scenario import scenario_of, scenario_text
from sim.fit.replay import replay
from sim.report.fit_text import fit_json
from sim.scenario.register import rows
from tests.fit.exports import HADOOP, fitted_to, simulated_export, weekly


@pytest.fixture(scope="module")
def hadoop():
    return fitted_to(HADOOP)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return fitted_to(simulated_export(tmp_path_factory.mktemp("full") / "jira.csv", 4))


def loaded(fit, tmp_path, name="my-project"):
    path = tmp_path / "x.toml"
    path.write_text(scenario_text(fit, name), encoding="utf-8")
    return Scenario.load(path)


def test_the_file_says_what_the_value_says(hadoop, full, tmp_path):
    for fit in (hadoop, full):
        assert loaded(fit, tmp_path).digest() == scenario_of(fit, "my-project").digest()


def test_it_can_be_simulated(full, tmp_path):
    assert simulate(loaded(full, tmp_path), "co-evaluated", seed=1).outcome["delivered"] > 100


def test_each_fitted_value_has_its_comment(full):
    text = scenario_text(full, "x")
    for setting in full.settings:
        key = setting.key.rsplit(".", 1)[-1]
        block = re.search(rf"((?:^# .*\n)+)^{key} = ", text, re.MULTILINE)
        assert block is not None, key
        said = " ".join(block[1].replace("#", " ").split())
        found = setting.fitted
        assert f"measured: {found.value:.4g}" in said
        assert f"({found.low:.4g} to {found.high:.4g}), n = {found.n}" in said
        assert found.columns in said
        assert found.test in said
    assert full.log.source.sha256 in text


def test_every_assumption_is_there_and_the_unmeasured_ones_are_called_so(hadoop):
    text = scenario_text(hadoop, "x")
    for row in rows():
        assert re.search(rf"^#?{row.key.rsplit('.', 1)[-1]} = ", text, re.MULTILINE), row.key
    before, _, _ = text.partition("#value = ")
    assert "# assumed, not measured:" in before.rpartition("[customer]")[2]
    said = " ".join(text.partition("\neffort_median = ")[0].rpartition("burstiness = ")[2].replace("#", " ").split())
    assert "calibrated, not measured: a mean of" in said
    assert "(from 1.159 requests/day, " in said
    assert not re.search(r"^(trust_start|ambiguity|value)", text, re.MULTILINE)


def test_no_row_of_the_log_enters_the_files(tmp_path):
    table = weekly()
    table["Summary"], table["Assignee"] = "TOPSECRET", "Erika Mustermann"
    table.loc[:10, "Resolution"] = "SECRETWORD"
    fit = fitted_to(table, tmp_path / "x.csv", draws=20)
    for text in (scenario_text(fit, "x"), fit.parameter_draws().to_csv(), json.dumps(fit_json(fit, None))):
        assert not re.search("TOPSECRET|Mustermann|A-17", text)
    assert "SECRETWORD" not in fit.parameter_draws().to_csv()


def test_names_that_would_break_the_file(tmp_path):
    table = weekly().rename(columns={"Created": 'Cre"ated\n[project]\ndeadline = 5 #'})
    fit = fitted_to(table, tmp_path / "x.csv", 'created=Cre"ated\n[project]\ndeadline = 5 #', draws=20)
    scenario = loaded(fit, tmp_path, 'x"\n[team]\nswitch_cost = 9')
    assert scenario.project.deadline == 0.0
    assert scenario.team.switch_cost == 0.4


def test_lead_time_is_no_input(full):
    """The same requests, each lying twice as long: the scenario does not change, the comparison with the log does."""
    table = full.log.frame.copy()
    import dataclasses

    slower = table.assign(resolved=table["created"] + 2.0 * (table["resolved"] - table["created"]))
    from sim.fit.fit import fit_log

    other = fit_log(dataclasses.replace(full.log, frame=slower), full.team, draws=60)
    assert scenario_of(other).digest() == scenario_of(full).digest()
    observed = [next(row for row in replay(fit, 2, 1).rows if row.key == "p50") for fit in (full, other)]
    assert observed[0].mean == pytest.approx(observed[1].mean)
    assert observed[1].observed > 1.8 * observed[0].observed


def test_draws_are_parameters_that_the_model_takes(full):
    table = full.parameter_draws()
    assert len(table) == 60
    for _, row in table.head(5).iterrows():
        scenario_of(full).with_values(row.to_dict())
    assert table["customer.request_rate"].std() > 0


def test_what_the_model_cannot_take_is_cut_and_said(tmp_path):
    import numpy as np

    table = weekly(300)
    table["Effort"] = np.random.default_rng(1).lognormal(0, 3.0, 300)
    fit = fitted_to(table, tmp_path / "x.csv", "effort_hours=Effort")
    assert scenario_of(fit).customer.effort_sigma == 2.0
    assert "is outside what the model takes" in " ".join(scenario_text(fit, "x").replace("#", " ").split())


def test_replay_says_where_the_model_does_not_reproduce_the_log(hadoop):
    found = replay(hadoop, 3, 1)
    by_key = {row.key: row for row in found.rows}
    assert set(by_key) >= {"throughput", "wip", "p50", "p80", "p90", "dispersion"}
    for key, row in by_key.items():
        said = any("does not reproduce" in sentence and f"{row.observed:.3g} observed" in sentence for sentence in found.sentences)
        assert said != row.reproduced, key
    assert any("Effort is calibrated, not measured" in sentence for sentence in found.sentences)


def test_agreement_on_a_calibrated_effort_is_called_no_test(hadoop, monkeypatch):
    monkeypatch.setattr("sim.fit.replay.Beside.reproduced", True)
    assert ["because it was set to" in sentence for sentence in replay(hadoop, 1, 1).sentences][-1:] == [True]


def test_of_a_very_busy_log_only_the_beginning_is_replayed(hadoop, monkeypatch):
    monkeypatch.setattr("sim.fit.replay.MOST_REQUESTS", 200)
    found = replay(hadoop, 1, 1)
    assert found.span == pytest.approx(200 / hadoop.arrivals.rate.value * 7 / 5)


def test_json_is_json(full):
    said = fit_json(full, replay(full, 2, 1))
    again = json.loads(json.dumps(said, allow_nan=False))
    assert again["scenario"]["customer.effort_median"] == pytest.approx(full.effort.median.value)
    assert set(again["fitted"]["arrival rate"]) == {"value", "low", "high", "n", "of", "unit", "columns", "test"}
    assert again["input"]["sha256"] == full.log.source.sha256


@pytest.mark.parametrize("text", ["", "developer", "developer=0", "developer=-1", "developer=2.5", "=3", "dev,tester=2", "a=1,a=2",
                                  "de.v=1", "dev=99999999999", "dev=²", 'x"=1'])
def test_a_team_that_is_none(text):
    with pytest.raises(FitError, match="--team"):
        parse_team(text)


def test_three_roles_share_the_effort(tmp_path):
    from sim.fit.fit import fit_log

    fit = fit_log(fitted_to(weekly(), tmp_path / "x.csv", draws=20).log, parse_team("a=1,b=1,c=1"), draws=20)
    assert sum(stage.share for stage in loaded(fit, tmp_path).team.workflow) == pytest.approx(1.0)


def test_a_rate_that_drifts_is_replayed_as_it_was(tmp_path):
    import numpy as np

    rng = np.random.default_rng(3)
    days = np.sort(np.concatenate([rng.uniform(0, 364, 500), rng.uniform(364, 728, 150)]))
    created = pd.Timestamp("2022-01-03") + pd.to_timedelta(days, unit="D")
    table = pd.DataFrame({"Created": created.astype(str), "Resolved": (created + pd.Timedelta(days=2)).astype(str)})
    fit = fitted_to(table, tmp_path / "x.csv")
    assert fit.arrivals.drifts
    assert scenario_of(fit).customer.request_rate * 1.3 == pytest.approx(150 / 260, rel=0.1)  # the last year's, before appetite
    rows_ = {row.key: row for row in replay(fit, 6, 1).rows}
    assert rows_["arrivals"].reproduced
    assert rows_["dispersion"].mean > 1.5 * rows_["dispersion_within"].mean
