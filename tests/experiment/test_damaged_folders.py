"""A results folder that was altered, cut or filled with other things: found, named, never believed, and mended where it can be."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import REPOSITORY, SMALL
from tests.experiment.conftest import TINY
from tests.study_layer.small_study import bits

Type = Callable[..., Any]
Writes = Callable[..., Path]
HERE = ("run", "tiny.toml", "--workers", "1", "--quick", "--quiet", "--out", "kept")
DEEP = "[" * 100_000


@pytest.fixture
def kept(typed: Type, write: Writes, tmp_path: Path, finished: Path) -> Path:
    write()
    return Path(shutil.copytree(finished, tmp_path / "kept", symlinks=True))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of tiny.toml, run once."""
    place = tmp_path_factory.mktemp("finished")
    (place / "small.toml").write_text(SMALL, encoding="utf-8")
    (place / "tiny.toml").write_text(TINY, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "sim.cli", *HERE], cwd=place, check=True, env=os.environ | {"PYTHONPATH": str(REPOSITORY)})
    return place / "kept"


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")


def text_of(manifest: dict[str, Any], role: str) -> str:
    digest: str = manifest["sessions"][-1]["texts"][role]
    return digest


def first_part(path: Path) -> Path:
    return sorted((path / "parts").glob("*.parquet"))[0]


# --- what was altered ---


def altered_text(path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        key = text_of(manifest, "experiment")
        manifest["texts"][key] = manifest["texts"][key].replace("longer", "shorter")

    changed(path, change)


def altered_units(path: Path) -> None:
    changed(path, lambda manifest: manifest["origin"]["units"].update(delay="hours"))


def swapped_units(path: Path) -> None:
    def change(manifest: dict[str, Any]) -> None:
        units = manifest["origin"]["units"]
        manifest["origin"]["units"] = {name: units[name] for name in reversed(units)}

    changed(path, change)


def altered_seed(path: Path) -> None:
    changed(path, lambda manifest: manifest["origin"].update(seed=8))


def lost_text(path: Path) -> None:
    changed(path, lambda manifest: manifest["texts"].pop(text_of(manifest, "scenario small.toml")))


def cut_short(path: Path) -> None:
    data = (path / "manifest.json").read_bytes()
    (path / "manifest.json").write_bytes(data[: len(data) // 2])


def without(field: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        changed(path, lambda manifest: manifest.pop(field))

    spoil.__name__ = f"without_{field}"
    return spoil


def of_another_type(field: str, value: Any) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        changed(path, lambda manifest: manifest.update({field: value}))

    spoil.__name__ = f"{field}_is_{type(value).__name__}"
    return spoil


def a_hundred_thousand_brackets_deep(path: Path) -> None:
    (path / "manifest.json").write_text(DEEP, encoding="utf-8")


def a_folder(path: Path) -> None:
    (path / "manifest.json").unlink()
    (path / "manifest.json").mkdir()


def a_link_to_itself(path: Path) -> None:
    (path / "manifest.json").unlink()
    (path / "manifest.json").symlink_to(path / "manifest.json")


def a_pipe(path: Path) -> None:
    (path / "manifest.json").unlink()
    os.mkfifo(path / "manifest.json")


def altered_design(path: Path) -> None:
    points = pd.read_parquet(path / "points.parquet")
    points.assign(**{"customer.request_rate": points["customer.request_rate"] + 0.1}).to_parquet(path / "points.parquet", index=False)


def no_design(path: Path) -> None:
    (path / "points.parquet").unlink()


def design_is_a_folder(path: Path) -> None:
    no_design(path)
    (path / "points.parquet").mkdir()


def torn_design(path: Path) -> None:
    (path / "points.parquet").write_bytes((path / "points.parquet").read_bytes()[:-9])


MANIFESTS = [
    altered_text, altered_units, swapped_units, altered_seed, lost_text, cut_short, without("origin"), without("format"),
    without("sessions"), without("created"), of_another_type("origin", []), of_another_type("sessions", {"a": 1}),
    of_another_type("sessions", ["yes"]), of_another_type("texts", 3), of_another_type("format", "new"),
    of_another_type("there", [[1, "x"]]), a_hundred_thousand_brackets_deep, a_link_to_itself, a_pipe, a_folder,
]
DESIGNS = [altered_design, no_design, design_is_a_folder, torn_design]


@pytest.mark.parametrize("spoil", MANIFESTS + DESIGNS, ids=lambda spoil: spoil.__name__)
def test_what_does_not_fit_its_hash_is_refused_by_whoever_reads_it(typed: Type, kept: Path, spoil: Callable[[Path], None]) -> None:
    spoil(kept)
    for command, code in ((("verify", "kept"), 1), (("stress", "kept"), 2), (("report", "kept"), 2), (("results", "kept"), 2)):
        if spoil in (a_link_to_itself,) and command[0] in ("report", "results"):
            continue  # there is no manifest then: these are also asked about other things
        said = typed(*command)
        assert said.code == code, (command, said)
        assert "manifest.json" in said.err or "points.parquet" in said.err
        assert "defect" not in said.err
        assert "Traceback" not in said.err


@pytest.mark.parametrize("spoil", MANIFESTS, ids=lambda spoil: spoil.__name__)
def test_a_run_neither_adds_to_a_spoilt_manifest_nor_calls_it_a_defect(typed: Type, kept: Path, spoil: Callable[[Path], None]) -> None:
    spoil(kept)
    before = {path.name for path in (kept / "parts").iterdir()}
    said = typed(*HERE)
    assert said.code == 2
    assert "defect" not in said.err
    assert {path.name for path in (kept / "parts").iterdir()} == before


@pytest.mark.parametrize("spoil", DESIGNS, ids=lambda spoil: spoil.__name__)
def test_the_design_points_are_written_anew(typed: Type, kept: Path, finished: Path, spoil: Callable[[Path], None]) -> None:
    spoil(kept)
    assert typed(*HERE).code == 0
    assert pd.read_parquet(kept / "points.parquet").equals(pd.read_parquet(finished / "points.parquet"))
    assert typed("verify", "kept", "--sample", "2").code == 0


# --- parts ---


def part_is_a_folder(path: Path) -> None:
    part = first_part(path)
    part.unlink()
    part.mkdir()


def part_is_a_link_to_itself(path: Path) -> None:
    part = first_part(path)
    part.unlink()
    part.symlink_to(part)


def part_is_a_link_to_nowhere(path: Path) -> None:
    part = first_part(path)
    part.unlink()
    part.symlink_to(path / "nowhere")


def part_is_a_pipe(path: Path) -> None:
    part = first_part(path)
    part.unlink()
    os.mkfifo(part)


def part_is_gone(path: Path) -> None:
    first_part(path).unlink()


def part_is_torn(path: Path) -> None:
    first_part(path).write_bytes(first_part(path).read_bytes()[:-10])


def parts_are_gone(path: Path) -> None:
    shutil.rmtree(path / "parts")


def parts_are_a_file(path: Path) -> None:
    parts_are_gone(path)
    (path / "parts").write_text("here they were")


def parts_are_a_link_to_themselves(path: Path) -> None:
    parts_are_gone(path)
    (path / "parts").symlink_to(path / "parts")


PARTS = [
    part_is_a_folder, part_is_a_link_to_itself, part_is_a_link_to_nowhere, part_is_a_pipe, part_is_gone, part_is_torn,
    parts_are_gone, parts_are_a_file, parts_are_a_link_to_themselves,
]


@pytest.mark.parametrize("spoil", PARTS, ids=lambda spoil: spoil.__name__)
def test_a_part_that_cannot_be_used_is_found_and_run_again(typed: Type, kept: Path, finished: Path, spoil: Callable[[Path], None]) -> None:
    spoil(kept)
    for command, code in ((("verify", "kept"), 1), (("stress", "kept"), 2), (("report", "kept"), 2), (("results", "kept"), 2)):
        said = typed(*command)
        assert said.code == code, (command, said)
        assert "defect" not in said.err
        assert "Traceback" not in said.err
    assert typed(*HERE).code == 0
    assert typed("verify", "kept", "--sample", "2").code == 0
    assert bits(kept) == bits(finished)
    assert typed(*HERE).code == 0


def test_a_part_that_is_damaged_twice_is_set_aside_twice(typed: Type, kept: Path) -> None:
    for _ in range(3):
        part_is_a_folder(kept)
        assert typed(*HERE).code == 0
    assert len(list((kept / "set-aside").iterdir())) == 3


def test_where_nothing_can_be_set_aside_that_is_said(typed: Type, kept: Path) -> None:
    part_is_torn(kept)
    (kept / "set-aside").write_text("no folder")
    said = typed(*HERE)
    assert said.code == 2
    assert "set-aside: cannot be written" in said.err


# --- locks ---


@pytest.mark.parametrize("text", [
    '{"pid": 1' + "0" * 30 + "}", '{"pid": -5}', '{"pid": [1]}', "[1]", DEEP, '{"pid": 1, "machine": 7}', "\x00\xff"])
def test_whatever_a_lock_says_it_is_no_defect(typed: Type, kept: Path, text: str) -> None:
    (kept / "lock").write_text(text)
    said = typed(*HERE)
    assert "defect" not in said.err
    assert said.code == (2 if "machine" in text else 0)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(path)], ids=["folder", "pipe", "link"])
def test_a_lock_that_is_no_file_is_said(typed: Type, kept: Path, make: Callable[[Path], Any]) -> None:
    (kept / "lock").unlink(missing_ok=True)
    make(kept / "lock")
    said = typed(*HERE)
    assert said.code == 2
    assert "lock: " in said.err
    assert "defect" not in said.err


# --- texts ---


def test_a_session_that_names_no_text_of_a_scenario_is_no_defect(typed: Type, kept: Path) -> None:
    changed(kept, lambda manifest: [one["texts"].pop("scenario small.toml") for one in manifest["sessions"]])
    for command in (("verify", "kept", "--sample", "1"), ("stress", "kept"), ("report", "kept")):
        said = typed(*command)
        assert said.code in (1, 2), (command, said)
        assert "defect" not in said.err, (command, said)


# --- verdicts ---


@pytest.mark.parametrize("text", ["", "[]", '{"verdicts": 3}', DEEP, "{" * 9, "\xff"])
def test_spoilt_verdicts_are_no_defect(typed: Type, kept: Path, text: str) -> None:
    (kept / "verdicts.json").write_text(text, encoding="latin-1")
    for command in (("results", "kept"), ("results", ".")):
        said = typed(*command)
        assert "defect" not in said.err, said


# --- anything ---


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_for_every_byte_that_changes_in_manifest_or_design_nothing_breaks(
    typed: Type, kept: Path, finished: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["manifest.json", "points.parquet"]))
    whole = (finished / name).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    (kept / name).write_bytes(whole[:at] + bytes([whole[at] ^ (1 << data.draw(st.integers(0, 7)))]) + whole[at + 1 :])
    said = typed("verify", "kept", "--sample", "1")
    assert said.code in (0, 1)  # a byte of a command or a time says nothing about results
    assert "defect" not in said.err
    shutil.copy(finished / name, kept / name)


def test_a_damaged_folder_does_not_hide_the_others_in_a_list(typed: Type, kept: Path) -> None:
    shutil.copytree(kept, "spoilt")
    cut_short(Path("spoilt"))
    said = typed("results", ".")
    assert said.code == 0
    assert "kept" in said.out
    assert "spoilt" in said.out


def test_a_study_whose_text_and_hash_were_both_replaced_is_not_what_the_results_were_made_of(typed: Type, kept: Path) -> None:
    from sim.runs.origin import digest

    def change(manifest: dict[str, Any]) -> None:
        key = text_of(manifest, "scenario small.toml")
        text = manifest["texts"].pop(key).replace("30.0", "31.0")
        manifest["texts"][digest(text)] = text
        manifest["sessions"][-1]["texts"]["scenario small.toml"] = digest(text)

    changed(kept, change)
    said = typed("verify", "kept", "--sample", str(random.randint(1, 3)))
    assert said.code == 1
    assert "not what the results were made of: scenario small was" in said.err
