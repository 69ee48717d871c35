"""``intakelab run`` answers, goes on where it stopped, and gives the same bits however it was run."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.runs.into_folder import Stopped
from sim.runs.results_folder import ResultsFolder
from sim.study.conduct import conduct
from sim.study.plan import plan_from
from sim.study.plugin import load_plugins
from sim.study.run_plan import HowMany
from tests.study_layer.small_study import bits, dask_of_two

Type = Callable[..., Any]
Writes = Callable[..., Path]
HERE = ("run", "tiny.toml", "--workers", "1", "--out", "kept")


def test_the_answer_names_each_hypothesis_and_marks_the_rest_exploratory(typed: Type, write: Writes) -> None:
    write()
    said = typed(*HERE)
    assert (said.code, said.err) == (0, "")
    flat = " ".join(said.out.split())
    assert "2 hypotheses, declared before the first replication" in flat
    assert "“always-accept finishes later”" in flat
    assert "(where the claim should fail)" in flat
    before, _, after = flat.partition("Exploratory: declared nowhere")
    assert "later: " in before
    assert "paired differences to co-evaluated" in after
    assert max(len(line) for line in said.out.splitlines()) <= 80
    kept = {path.name for path in Path("kept").iterdir()}
    assert {"manifest.json", "verdicts.json", "report.txt", "differences.csv", "by_point.csv", "levels.csv", "failures.csv"} <= kept


def test_verdicts_and_the_question_are_kept_as_data(typed: Type, write: Writes) -> None:
    path = write()
    found = json.loads(typed(*HERE, "--json").out)
    assert found == json.loads(Path("kept/verdicts.json").read_text(encoding="utf-8"))
    assert [row["hypothesis"] for row in found["verdicts"]] == ["later", "never"]
    assert found["replications"] == {"fewest": 12, "most": 12}
    manifest = json.loads(Path("kept/manifest.json").read_text(encoding="utf-8"))
    texts = {manifest["texts"][digest] for digest in manifest["sessions"][0]["texts"].values()}
    assert path.read_text(encoding="utf-8") in texts
    assert manifest["origin"]["experiment"] == found["experiment_digest"]


def test_the_question_is_on_the_disk_before_the_first_replication(write: Writes, typed: Type) -> None:
    plan = plan_from(write())
    seen: list[str] = []

    def tell(*_: int) -> None:
        if not seen:
            seen.append(json.loads(Path("kept/manifest.json").read_text(encoding="utf-8"))["origin"]["experiment"])
            raise KeyboardInterrupt

    with pytest.raises(Stopped):
        conduct(plan, Path("kept"), None, HowMany(), where="", command="", source="", tell=tell)
    assert seen == [plan.experiment.digest()]


def test_a_quick_run_is_extended_by_a_full_one_to_the_same_bits(typed: Type, write: Writes) -> None:
    write()
    typed(*HERE, "--quick")
    assert json.loads(Path("kept/verdicts.json").read_text(encoding="utf-8"))["replications"]["most"] == 10
    typed(*HERE)
    typed("run", "tiny.toml", "--workers", "1", "--out", "at-once")
    assert bits(Path("kept")) == bits(Path("at-once"))
    for name in ("verdicts.json", "report.txt", "differences.csv"):
        assert Path("kept", name).read_text(encoding="utf-8") == Path("at-once", name).read_text(encoding="utf-8")


@pytest.mark.parametrize("kills", [3, 11])
def test_killed_at_any_time_it_goes_on_to_the_same_bits(
    typed: Type, write: Writes, process: Callable[..., subprocess.Popen[str]], kills: int
) -> None:
    """SIGKILL after so many parts, then the same command again."""
    write()
    typed("run", "tiny.toml", "--workers", "1", "--out", "at-once", "--replications", "20")
    running = process("run", "tiny.toml", "--workers", "1", "--out", "kept", "--replications", "20", "--quiet")
    for _ in range(600):
        if len(list(Path("kept/parts").glob("*.parquet"))) >= kills or running.poll() is not None:
            break
        time.sleep(0.05)
    running.kill()
    running.communicate()
    assert len(list(Path("kept/parts").glob("*.parquet"))) >= kills
    said = typed("run", "tiny.toml", "--workers", "1", "--out", "kept", "--replications", "20")
    assert said.code == 0
    assert bits(Path("kept")) == bits(Path("at-once"))


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(
    write: Writes, process: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    write()
    running = process("run", "tiny.toml", "--workers", "2", "--out", "kept", "--replications", "200000")
    for _ in range(600):
        if list((tmp_path / "kept/parts").glob("*.parquet")):
            break
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert re.search(r"interrupted after \d+ of 600000 replications; they are kept in kept, run the same command again", err)
    assert "Traceback" not in err
    assert ResultsFolder.open(tmp_path / "kept").done


@pytest.mark.parametrize(("change", "reason"), [
    (("seed = 7", "seed = 8"), "the seed was 7, is 8"),
    (("1.2]", "1.3]"), "the experiment file was"),
    (('basis = "wish"', 'basis = "none"'), "policy hurried was"),
])
def test_a_folder_of_another_question_is_refused_with_the_reason(
    typed: Type, write: Writes, change: tuple[str, str], reason: str
) -> None:
    write()
    typed(*HERE, "--quick")
    write(change)
    said = typed(*HERE, "--quick")
    assert said.code == 2
    assert "kept: holds other results" in said.err
    assert reason in said.err


def test_a_folder_of_another_model_is_refused(typed: Type, write: Writes, monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    typed(*HERE, "--quick")
    monkeypatch.setattr("sim.study.plan.model_version", lambda: "0" * 64)
    said = typed(*HERE)
    assert said.code == 2
    assert "the model's source was" in said.err


def test_a_changed_scenario_file_is_refused(typed: Type, write: Writes, tmp_path: Path) -> None:
    write()
    typed(*HERE, "--quick")
    scenario = tmp_path / "small.toml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("30.0", "31.0"), encoding="utf-8")
    assert "scenario small was" in typed(*HERE, "--quick").err


def test_a_changed_file_starts_anew_beside_the_old_results(typed: Type, write: Writes) -> None:
    write()
    typed("run", "tiny.toml", "--quick", "--workers", "1")
    write(("seed = 7", "seed = 8"))
    said = typed("run", "tiny.toml", "--quick", "--workers", "1")
    assert "results of other versions of this experiment" in said.err
    assert len(list(Path("results").iterdir())) == 2


def test_an_altered_part_is_found_and_only_that_part_is_run_again(typed: Type, write: Writes) -> None:
    write()
    typed(*HERE)
    before = bits(Path("kept"))
    part, *others = sorted(Path("kept/parts").glob("*.parquet"))
    times = {other: other.stat().st_mtime_ns for other in others}
    part.write_bytes(part.read_bytes()[:-10])
    assert "is torn" in typed("verify", "kept").err
    assert typed(*HERE).code == 0
    assert bits(Path("kept")) == before
    assert {other: other.stat().st_mtime_ns for other in others} == times
    assert "is the same to the last bit" in typed("verify", "kept", "--sample", "5").out


def test_all_executors_give_the_same_bits(typed: Type, write: Writes) -> None:
    write()
    studies = {"none": sim.run("tiny.toml", out="none", quick=True), "two": sim.run("tiny.toml", workers=2, out="two", quick=True)}
    with ThreadPoolExecutor(3) as threads:
        studies["threads"] = sim.run("tiny.toml", executor=threads, out="threads", quick=True)
    with dask_of_two() as address:
        assert typed("run", "tiny.toml", "--quick", "--cluster", address, "--out", "dask", "--quiet").code == 0
    expected = bits(Path("none"))
    for name in ("two", "threads", "dask"):
        assert bits(Path(name)) == expected, name
    assert studies["two"].verdicts == studies["none"].verdicts


def test_a_study_opens_as_a_tidy_frame_with_units(typed: Type, write: Writes) -> None:
    write()
    typed(*HERE, "--quick")
    study = sim.Study.load("kept")
    assert len(study.frame) == 3 * 3 * 10
    assert study.frame.attrs["units"]["delay"] == "days"
    assert list(study.points["label"]) == ["base", "request_rate=0.2", "request_rate=1.2"]
    assert study.experiment.name == "tiny"
    assert study.failures.empty
    counted = study.sql("SELECT policy, count(*) AS n FROM runs GROUP BY policy ORDER BY policy")
    assert list(counted["n"]) == [30, 30, 30]


def test_strict_fails_unless_every_claim_is_supported(typed: Type, write: Writes) -> None:
    write()
    assert typed(*HERE).code == 0
    assert typed(*HERE, "--strict").code == 1


class TestSequentialPrecision:
    """Replications are added until the paired differences are as sure as was asked, or the budget is spent."""

    ASKED = ("replications = 12", "replications = 10\nbudget = {}\nbatch = 5\n[precision.half_width]\ndelay = {}")

    def asked(self, budget: int, width: float) -> tuple[str, str]:
        return self.ASKED[0], self.ASKED[1].format(budget, width)

    def changed(self, write: Writes, budget: int, width: float) -> Path:
        return write(("replications = 12\nquick = 10", f"replications = 10\nquick = 10\nbudget = {budget}\nbatch = 5\n"
                      f"[precision.half_width]\ndelay = {width}"))

    def test_points_get_what_they_need(self, typed: Type, write: Writes) -> None:
        self.changed(write, 400, 4.0)
        said = " ".join(typed(*HERE).out.split())
        assert "Every half-width that was asked for is reached." in said
        table = pd.read_csv("kept/precision.csv")
        assert (table["state"] == "met").all()
        assert (table["half_width"] <= 4.0).all()
        assert len(set(ResultsFolder.open("kept").done.values())) > 1

    def test_where_the_budget_runs_out_is_said(self, typed: Type, write: Writes) -> None:
        self.changed(write, 15, 0.01)
        said = " ".join(typed(*HERE).out.split())
        assert "Not as sure as was asked: delay of" in said
        assert "out of budget" in said
        assert set(ResultsFolder.open("kept").done.values()) == {15}

    @pytest.mark.parametrize("share", [0.2, 0.7, 0.95])
    def test_interrupted_it_asks_for_the_very_same_replications(self, typed: Type, write: Writes, share: float) -> None:
        """Late in the run there is more in the folder than the first looks may see."""
        plan = plan_from(self.changed(write, 400, 6.0))
        at_once = {"where": "", "command": "", "source": ""}
        told: list[int] = []
        conduct(plan, Path("at-once"), None, HowMany(), tell=lambda *_: told.append(1), **at_once)
        last = int(share * len(told))

        def stop(*_: int) -> None:
            told.append(1)
            if len(told) == last:
                raise KeyboardInterrupt

        told.clear()
        with pytest.raises(Stopped):
            conduct(plan, Path("kept"), None, HowMany(), tell=stop, **at_once)
        conduct(plan, Path("kept"), None, HowMany(), **at_once)
        assert ResultsFolder.open("kept").done == ResultsFolder.open("at-once").done
        assert bits(Path("kept")) == bits(Path("at-once"))

    def test_more_precision_extends_what_is_there(self, typed: Type, write: Writes) -> None:
        self.changed(write, 400, 6.0)
        typed(*HERE)
        fewer = ResultsFolder.open("kept").done
        self.changed(write, 400, 4.0)
        typed(*HERE)
        more = ResultsFolder.open("kept").done
        assert all(more[point] >= n for point, n in fewer.items())
        assert sum(more.values()) > sum(fewer.values())


PLUGIN = """
import sim

class SmallOnly(sim.Policy):
    name = "small-only"
    def decide(self, estimate, project):
        if estimate.number == 3:
            raise ValueError("request 3 is too much for me")
        return sim.accept("small") if estimate.effort < 2 else sim.decline("large")
"""


class TestPlugins:
    """Policies of one's own: named on the command line, part of the results' origin, failures with a command."""

    def run(self, typed: Type, write: Writes, tmp_path: Path, name: str, text: str, *more: str) -> Any:
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        write(('"hurried", "co-ev', '"hurried", "small-only", "co-ev'))
        return typed(*HERE, "--quick", "--plugin", f"{name}.py", *more)

    def test_a_failing_run_is_a_row_with_the_command_that_shows_it(self, typed: Type, write: Writes, tmp_path: Path) -> None:
        said = self.run(typed, write, tmp_path, "plugin_one", PLUGIN)
        assert said.code == 0
        assert "runs failed and are left out" in " ".join(said.out.split())
        failures = pd.read_csv("kept/failures.csv")
        assert set(failures["policy"]) == {"small-only"}
        assert set(failures["stage"]) == {"run"}
        command = failures["command"].iloc[0]
        shown = typed(*command.removeprefix("intakelab ").split(), "--plugin", "plugin_one.py")
        assert shown.code == 2
        assert "request 3 is too much for me" in shown.err
        assert len(pd.read_csv("kept/levels.csv")) == 3 * 4 - (failures["point"].value_counts() == 10).sum()

    def test_another_source_of_the_plugin_is_another_origin(self, typed: Type, write: Writes, tmp_path: Path) -> None:
        self.run(typed, write, tmp_path, "plugin_two", PLUGIN)
        said = self.run(typed, write, tmp_path, "plugin_three", PLUGIN.replace("< 2", "< 1"))
        assert said.code == 2
        assert "policy small-only was" in said.err

    def test_it_travels_to_other_processes(
        self, write: Writes, tmp_path: Path, process: Callable[..., subprocess.Popen[str]]
    ) -> None:
        (tmp_path / "plugin_four.py").write_text(PLUGIN.replace("estimate.number == 3", "False"), encoding="utf-8")
        write(('"hurried", "co-ev', '"hurried", "small-only", "co-ev'))
        running = process("run", "tiny.toml", "--quick", "--workers", "2", "--plugin", "plugin_four", "--out", "kept")
        _, err = running.communicate(timeout=120)
        assert running.returncode == 0, err
        frame = ResultsFolder.open(tmp_path / "kept").frame()
        assert "small-only" in set(frame["policy"])
        assert ResultsFolder.open(tmp_path / "kept").failures().empty

    @pytest.mark.parametrize(("text", "said"), [
        ("1 / 0", "cannot be imported (ZeroDivisionError"), ("x = 1", "has no policy at its top level")])
    def test_a_bad_module_is_refused(self, typed: Type, write: Writes, tmp_path: Path, text: str, said: str) -> None:
        answer = self.run(typed, write, tmp_path, f"plugin_bad_{len(text)}", text)
        assert answer.code == 2
        assert said in answer.err


def test_a_plugin_is_the_file_that_was_named_whatever_else_has_its_name(tmp_path: Path) -> None:
    text = "import sim\nmine = sim.PolicyOfParts(name={name!r})\n"
    for name in ("first", "second", "first"):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "of_one_name.py").write_text(text.format(name=name), encoding="utf-8")
        assert list(load_plugins([str(folder / "of_one_name.py")]).policies) == [name]


def test_a_killed_worker_costs_time_not_results(
    typed: Type, write: Writes, process: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    """One of two workers is killed by its pid in the middle of a run."""
    write()
    typed("run", "tiny.toml", "--workers", "1", "--out", "at-once", "--replications", "150", "--quiet")
    running = process("run", "tiny.toml", "--workers", "2", "--out", "kept", "--replications", "150", "--quiet")
    for _ in range(3000):
        victims = _workers(running.pid)
        if victims or running.poll() is not None:
            break
        time.sleep(0.02)
    assert victims
    os.kill(victims[-1], signal.SIGKILL)
    _, err = running.communicate(timeout=300)
    assert running.returncode == 0, err
    assert bits(tmp_path / "kept") == bits(tmp_path / "at-once")


def _workers(pid: int) -> list[int]:
    import psutil

    found = []
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.Error):  # it has just ended
            found += [child.pid] if "spawn_main" in " ".join(child.cmdline()) else []
    return found
