"""Whatever is wrong: exit code 2, one clear message on standard error, nothing on standard output, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import PolicyError
from sim.policies.policy_file import RULES, AdmissionTable, PolicyFile, load_policy

Type = Callable[..., Any]


@pytest.mark.parametrize(("words", "complaint"), [
    (("compare", "smal.toml"), "intakelab: smal.toml: is neither a built-in scenario nor a file"),
    (("compare", "ai-projct"), "did you mean ai-project?"),
    (("compare", "small.toml", "--policy", "chnge-board"), "did you mean change-board?"),
    (("compare", "small.toml", "--policy", "change-board:dys=3"), "did you mean days?"),
    (("compare", "small.toml", "--policy", "nowhere.toml"), "intakelab: nowhere.toml: no such file"),
    (("compare", "small.toml", "--policy", "gatekeeper", "--reference", "gatekeper"), "did you mean gatekeeper?"),
    (("compare", "small.toml", "--policy", "gatekeeper", "--policy", "gatekeeper"), "given twice"),
    (("compare", "small.toml", "--set", "customer.apetite=1"), "did you mean customer.appetite?"),
    (("compare", "small.toml", "--set", "customer.appetite"), "KEY=VALUE is needed"),
    (("compare", "small.toml", "--polcy", "x"), "--policy"),
    (("compare", "small.toml", "--replications", "0"), "--replications"),
    (("compare", "small.toml", "--replications", "1000001"), "--replications"),
    (("compare", "small.toml", "--replications", "many"), "--replications"),
    (("compare", "small.toml", "--seed", "-1"), "--seed"),
    (("compare", "small.toml", "--workers", "0"), "--workers"),
    (("compare", "small.toml", "--json", "--csv"), "choose one"),
    (("compare", "small.toml", "more"), "more"),
    (("compere",), "compare"),
    (("check", "."), "is a directory"),
    (("check", "/dev/null"), "is a device, not a TOML file"),
    (("explain", "small.toml", "--replication", "-1"), "--replication"),
])
def test_what_is_wrong_is_said_once_and_clearly(typed: Type, words: tuple[str, ...], complaint: str) -> None:
    said = typed(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("intakelab: ")
    assert complaint in said.err
    assert "Traceback" not in said.err


def test_each_thing_to_mend_has_a_line_of_its_own(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('[customer]\nrequest_rate = "often"\napetite = 1\n', encoding="utf-8")
    lines = typed("check", "bad.toml").err.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [["intakelab", "bad.toml, line 2"], ["intakelab", "bad.toml, line 3"]]


def test_a_defect_is_told_with_the_way_to_see_more(typed: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("unthinkable")

    monkeypatch.setattr("sim.cli.comparison_commands.scenario_of", broken)
    said = typed("compare")
    assert said.code == 2
    assert said.err.startswith("intakelab: unexpected RuntimeError: unthinkable")
    assert "INTAKELAB_DEBUG=1" in said.err
    monkeypatch.setenv("INTAKELAB_DEBUG", "1")
    with pytest.raises(RuntimeError, match="unthinkable"):
        typed("compare")


# --- policy files ---


def complaint(tmp_path: Path, content: str) -> str:
    (tmp_path / "mine.toml").write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path / "mine.toml")
    return str(caught.value).replace(str(tmp_path), "")


@pytest.mark.parametrize(("content", "words"), [
    ('name = "a"\nbse = "x"', "line 2: bse is not known; did you mean base?"),
    ('name = "a"\n[evaluators]\ntruth = true', "line 3: evaluators.truth is not known"),
    ('name = "a"\nbase = "clairvoyant"', 'line 2: base = "clairvoyant" — a control, which nobody can adopt'),
    ('name = "a"\nbase = "chnge-board"', "did you mean change-board?"),
    ('name = "a"\n[cadence]\ndays = "often"', "line 3: cadence.days = \"often\" — a number of working days is needed"),
    ('name = "a"\n[cadence]\ndays = -1.0', "0 or 0.1 to 10000"),
    ('name = "a"\n[admission]\nrule = "threshold"\nk = 3', 'the rule "threshold" has at_least, not k'),
    ('name = "a"\n[admission]\nrule = "treshold"', '"threshold"'),
    ('explanation = 0.5', "name is missing"),
    ('name = "a"\nexplanation = 2.0', "0 to 1"),
])
def test_a_policy_file_is_refused_as_clearly_as_a_scenario(tmp_path: Path, content: str, words: str) -> None:
    assert words in complaint(tmp_path, content)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(
    st.text(max_size=200),
    st.builds('name = "a"\n[{}]\n{} = {}\n'.format, st.sampled_from(list(PolicyFile.model_fields)), st.sampled_from(
        ["days", "rule", "truth", "k", "order"]), st.sampled_from(["1", "nan", '"x"', "[[1]]", "true", "1e999"]))))
def test_for_every_text_there_is_a_policy_or_a_message(tmp_path: Path, content: str) -> None:
    (tmp_path / "any.toml").write_text(content, encoding="utf-8")
    try:
        told = load_policy(tmp_path / "any.toml").name
    except PolicyError as error:
        told = str(error)
        if "any.toml" not in told:
            raise
    assert told


def test_every_rule_can_be_written_in_a_file_with_all_its_settings() -> None:
    for name, rule in RULES.items():
        settings_of = {field.name: field.default for field in fields(rule)} if is_dataclass(rule) else {}
        assert AdmissionTable.model_validate({"rule": name, **settings_of}).made() == rule()


def test_what_a_file_does_not_say_comes_from_its_base(tmp_path: Path) -> None:
    from sim.policies.catalogue import make

    (tmp_path / "same.toml").write_text('name = "same"\nbase = "co-evaluated:days=7"\n', encoding="utf-8")
    assert load_policy(tmp_path / "same.toml") == make("co-evaluated:days=7").with_parts(name="same")


@pytest.mark.parametrize(("words", "said"), [
    (("compare", "mine.toml"), "is a policy, not a scenario; intakelab compare --policy mine.toml"),
    (("compare", "question.toml"), "is an experiment, not a scenario; intakelab run question.toml"),
    (("compare", "small.toml", "-p", "mine.tml"), "did you mean mine.toml?"),
    (("compare", "small.toml", "-p", "mine.py"), "comes with --plugin mine.py"),
])
def test_a_file_of_another_kind_is_told_by_its_kind(typed: Type, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "mine.toml").write_text('name = "mine"\nbase = "co-evaluated"\n', encoding="utf-8")
    (tmp_path / "question.toml").write_text('name = "q"\nquestion = "why?"\n', encoding="utf-8")
    answer = typed(*words)
    assert answer.code == 2
    assert said in answer.err
