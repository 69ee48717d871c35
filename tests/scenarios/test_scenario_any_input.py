"""Whatever stands in a file, the outcome is a scenario or a ScenarioError that a terminal can show; and nothing is run."""

from __future__ import annotations

import datetime
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario import Scenario
from sim.scenario.overrides import parse_overrides
from sim.scenario.register import rows
from sim.scenario.template import new_scenario_text
from sim.toml.toml_file import FilePlaces, validated

RUNNING = (
    "exec", "compile", "import", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "subprocess.Popen",
    "pickle.find_class", "marshal.loads", "code.__new__", "os.putenv", "os.remove", "os.rename", "os.mkdir",
)
TEXT = new_scenario_text()
KEYS = sorted({part for row in rows() for part in row.key.split(".")})


def outcome_is_civil(attempt: Callable[[], Scenario]) -> None:
    complaint = None
    try:
        assert isinstance(attempt(), Scenario)
    except ScenarioError as error:
        complaint = str(error)
    if complaint is not None:
        assert complaint
        assert all(line.isprintable() and len(line) < 2000 for line in complaint.split("\n"))


def read(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.toml"
        path.write_bytes(content)
        outcome_is_civil(lambda: Scenario.load(path))


@given(st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))))
@example(b"\xff\xfe")
@example(b"\r")
@example(b"a = 1e999")
def test_any_bytes_are_a_scenario_or_a_clear_error(content):
    read(content)


@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.text(max_size=8))
def test_any_damage_to_a_good_file_leaves_a_scenario_or_a_clear_error(at, length, inserted):
    read((TEXT[:at] + inserted + TEXT[at + length :]).encode("utf-8", "surrogatepass"))


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(10**300, 10**400), st.floats(), st.text(max_size=100),
    st.just(datetime.datetime(2026, 1, 1)), st.just(datetime.time(1, 2)), st.just(datetime.date(2026, 1, 1)),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=20)), inner, max_size=6)
    ),
    max_leaves=40,
)


@given(st.dictionaries(st.sampled_from(list(Scenario.model_fields)), TREES))
def test_any_tables_are_a_scenario_or_a_clear_error(data):
    outcome_is_civil(lambda: validated(data, Scenario, FilePlaces("any.toml"), ScenarioError))


DOTTED = st.lists(st.one_of(st.sampled_from([*KEYS, "0", "1"]), st.text(max_size=5)), max_size=5).map(".".join)


@given(st.dictionaries(DOTTED, TREES, max_size=3))
def test_any_overrides_give_a_scenario_or_a_clear_error(changes):
    outcome_is_civil(lambda: Scenario().with_values(changes))


@given(st.lists(st.text()))
def test_any_text_is_an_override_or_a_clear_error(texts):
    outcome_is_civil(lambda: Scenario().with_values(parse_overrides(texts)))


def test_reading_a_scenario_runs_no_code_and_touches_nothing_else(tmp_path):
    hostile = tmp_path / "hostile.toml"
    hostile.write_text(
        'name = "__import__(\'os\').system(\'touch hacked\')"\ntitle = "{self.__class__.__mro__} ${HOME} $(touch hacked) %s"\n'
        '[customer]\ndrift = "!!python/object/apply:os.system [\'touch hacked\']"\n__class__ = "os"\n"__init__" = "x"\n'
        "[model_config]\nfrozen = false\n[__builtins__]\nopen = 1\n"
    )
    harmless = tmp_path / "harmless.toml"
    harmless.write_text('title = "{self.__class__} ${HOME} __import__(\'os\')"\n')
    watch = textwrap.dedent(f"""
        import sys
        from sim.errors import ScenarioError
        from sim.scenario import Scenario

        def load(path):
            try:
                print(Scenario.load(path, {{"team.roles.developer.headcount": 3}}).title)
                Scenario.load(path, {{"__class__.__name__": 1}})
            except ScenarioError:
                pass

        load({str(harmless)!r}); load({str(hostile)!r})  # now everything is imported that will be
        seen, watching = [], False
        sys.addaudithook(lambda event, args: seen.append((event, args)) if watching else None)
        watching = True
        load({str(harmless)!r}); load({str(hostile)!r})
        watching = False
        print([entry for entry in seen if entry[0] in {RUNNING!r} or entry[0].startswith(("socket.", "ctypes."))])
        print(sorted({{str(args[0]).rsplit("/", 1)[-1] for event, args in seen if event == "open"}}))
    """)
    *titles, events, opened = output_of(watch)
    assert titles == ["{self.__class__} ${HOME} __import__('os')"] * 2
    assert events == "[]"
    assert opened == "['harmless.toml', 'hostile.toml']"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["harmless.toml", "hostile.toml"]


def test_importing_the_scenario_loads_nothing_heavy():
    heavy = {"numpy", "pandas", "scipy", "simpy", "pyarrow", "rich", "typer"}
    assert output_of(f"import sys, sim.scenario; print({heavy!r} & set(sys.modules))") == ["set()"]


def output_of(code: str) -> list[str]:
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()
