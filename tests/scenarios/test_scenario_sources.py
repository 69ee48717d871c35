"""Where scenarios come from: the ones that come along, a file to start from, and both outside the repository."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings

from sim.scenario import Project, Scenario
from sim.scenario.register import rows
from sim.scenario.template import Said, commented, new_scenario_text
from sim.toml.shipped import builtin_names, builtin_path
from tests.strategies import scenarios

ROOT = Path(__file__).parents[2]
each_builtin = pytest.mark.parametrize("name", builtin_names("scenarios"))


@each_builtin
def test_a_built_in_scenario_loads_under_its_own_name(name):
    assert Scenario.load(name).name == name


@each_builtin
def test_a_built_in_scenario_opens_with_its_story(name):
    opening = builtin_path("scenarios", name).read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    assert len(opening) >= 3
    assert all(line.startswith("#") for line in opening)


@each_builtin
def test_a_built_in_scenario_has_a_title(name):
    assert Scenario.load(name).title


def test_names_are_the_files_of_the_repository():
    for kind in ("scenarios", "experiments"):
        assert builtin_names(kind) == tuple(sorted(path.stem for path in (ROOT / kind).glob("*.toml")))


@pytest.mark.parametrize("name", ["../pyproject", "nowhere", "", "/etc/hosts"])
def test_only_known_names_reach_the_file_system(name):
    with pytest.raises(KeyError):
        builtin_path("scenarios", name)


def test_a_built_in_name_goes_before_a_file_of_the_same_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in builtin_names("scenarios"):
        Path(name).write_text('name = "mine"\n')
        assert Scenario.load(name).name == name
        assert Scenario.load(f"./{name}").name == "mine"
        assert Scenario.load(Path(name)).name == "mine"


def test_an_installed_package_finds_its_scenarios_inside_itself(tmp_path):
    site = tmp_path / "site"
    shutil.copytree(ROOT / "sim", site / "sim", ignore=shutil.ignore_patterns("__pycache__", "builtin"))
    packaged = site / "sim" / "builtin" / "scenarios"
    packaged.mkdir(parents=True)
    (packaged / "packaged.toml").write_text('name = "packaged"\n')
    (site / "experiments").mkdir()  # somebody else's folder in site-packages
    (site / "experiments" / "foreign.toml").write_text("")
    code = (
        "from sim.toml.shipped import builtin_names as names; from sim.scenario import Scenario; "
        "print(names('scenarios'), names('experiments'), Scenario.load('packaged').name)"
    )
    elsewhere = tmp_path / "empty"
    elsewhere.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=elsewhere, env={"PYTHONPATH": str(site)}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "('packaged',) () packaged"


class TestScenarioToStartFrom:
    TEXT = new_scenario_text("my-shop")

    DEFAULTS = Scenario(name="my-shop", project=Project(planned_items=50))  # of which four people have time for

    def test_it_loads_as_it_stands_and_says_what_the_defaults_say(self, loaded):
        assert loaded(self.TEXT).digest() == self.DEFAULTS.digest()

    def test_it_loads_with_every_assumption_uncommented(self, loaded):
        uncommented = re.sub(r"(?m)^#(?=[a-z_]+ = .* # )", "", self.TEXT)
        assert len(uncommented) < len(self.TEXT) - 80
        assert loaded(uncommented).digest() == self.DEFAULTS.digest()

    def test_the_example_of_groups_loads_when_uncommented(self, loaded):
        scenario = loaded(re.sub(r"(?m)^#(?=\[groups|request_rate|effort_median)", "", self.TEXT))
        rates = {name: (group.request_rate, group.effort_median) for name, group in scenario.customers}
        assert rates == {"sales": (0.5, 1.5), "support": (0.3, 0.5)}

    def test_it_mentions_every_key_once(self):
        for row in rows():
            field = row.key.rpartition(".")[2]
            assert re.search(rf"(?m)^#?{field} = .* # .*{re.escape(row.meaning)}$", self.TEXT), row.key

    def test_values_carry_unit_and_range(self):
        assert re.search(r"(?m)^request_rate = 0.8 +# requests/day, 0 to 50: mean arrivals before appetite$", self.TEXT)
        assert re.search(r"(?m)^#appetite = 0.3 +# 0 to 5: rise of the request rate when every answer is yes", self.TEXT)

    def test_only_facts_of_the_project_are_asked_for(self):
        facts = {row.key.rpartition(".")[2] for row in rows() if row.evidence == "project"}
        said = {key for table in _tables(tomllib.loads(self.TEXT)) for key in table}
        assert said == facts
        assert len(said) <= 25  # five minutes


def _tables(content: object) -> list[dict[str, object]]:
    if isinstance(content, list):
        return [table for entry in content for table in _tables(entry)]
    if not isinstance(content, dict):
        return []
    inner = [table for entry in content.values() for table in _tables(entry)]
    return [{key: entry for key, entry in content.items() if not isinstance(entry, dict) and not _is_tables(entry)}, *inner]


def _is_tables(entry: object) -> bool:
    return isinstance(entry, list) and any(isinstance(part, dict) for part in entry)


@settings(max_examples=50, deadline=None)
@given(scenarios())
def test_what_the_writer_writes_says_what_the_scenario_says(scenario):
    project = scenario.model_copy(update={"groups": {}})
    everything = commented(project, {row.key: Said(above=("why \x1b[31m\nthat is",)) for row in rows()}, "# x\x07")
    assert Scenario.model_validate(tomllib.loads(everything)).digest() == project.digest()


@pytest.mark.parametrize("name", ["Müller", "data scientist", "顧客", "7"])
def test_a_role_of_any_name_is_written_so_that_it_is_read_again(name):
    project = Scenario.model_validate({"team": {"roles": {name: {}}, "workflow": [{"name": "a", "role": name}]}})
    assert Scenario.model_validate(tomllib.loads(commented(project, {row.key: Said() for row in rows()}, ""))) == project
