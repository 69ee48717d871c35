"""Files that hold no scenario at all: each is refused with one clear message."""

from __future__ import annotations

import io
import os
import signal
import time
from pathlib import Path

import pytest

from sim.errors import PolicyError, ScenarioError
from sim.scenario import Scenario
from sim.toml import regular_file, toml_file
from sim.toml.shipped import builtin_names


def refusal(source: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(source)
    return str(caught.value)


@pytest.mark.parametrize("content", ["", "\n \n", "# only a comment\n", "\ufeff"])
def test_an_empty_file(complaint, content):
    assert complaint(content) == "my-project.toml: is empty, it sets nothing"


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01\x01\x00", b"name = 'a'\x00", b"PK\x03\x04\x00\x00"])
def test_a_binary_file(complaint, content):
    assert complaint(content) == "my-project.toml: is a binary file, not TOML text"


def test_a_file_in_latin_1_is_told_apart_with_the_line(complaint):
    content = 'name = "a"\ntitle = "Übersicht"\n'.encode("latin-1")
    assert complaint(content) == "my-project.toml, line 2: is not UTF-8 text (byte 0xdc); save it as UTF-8"


def test_a_file_in_utf_16_as_some_shells_write_it(complaint):
    assert complaint('name = "a"\n'.encode("utf-16")) == "my-project.toml: is saved as UTF-16; save it as UTF-8"


def test_a_byte_order_mark_and_windows_newlines_do_no_harm(complaint, loaded):
    assert loaded('\ufeffname = "a"\r\n[customer]\r\nappetite = 1\r\n').name == "a"
    message = complaint('\ufeffname = "a"\r\n[customer]\r\nappetite = 9\r\n')
    assert message.startswith("my-project.toml, line 3: customer.appetite = 9 — ")


def test_a_huge_file_is_refused_without_reading_it(tmp_path, monkeypatch):
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.truncate(50_000_000_000)  # sparse: takes no room on the disk

    class Unread(io.FileIO):
        def read(self, *_):
            pytest.fail("was read")

    monkeypatch.setattr(regular_file, "open", Unread, raising=False)
    assert refusal(path) == f"{path}: is larger than 1 MB, which no TOML file of IntakeLab is"


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs a device without end")
def test_a_device_without_end_is_not_read():
    assert refusal("/dev/zero") == "/dev/zero: is a device, not a TOML file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    """Nobody writes to it: whoever opened it to read would wait for ever."""
    os.mkfifo(tmp_path / "pipe.toml")
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("waits"))
    signal.alarm(5)
    try:
        assert refusal(tmp_path / "pipe.toml") == f"{tmp_path / 'pipe.toml'}: is a pipe, not a TOML file"
    finally:
        signal.alarm(0)


def test_a_directory(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path}: is a directory, not a TOML file"


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.toml"
    path.write_text("name = 'a'")
    monkeypatch.setattr(regular_file, "open", denied, raising=False)  # root may read everything, so no chmod
    assert refusal(path) == f"{path}: may not be read (permission denied)"


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        ("[customer]\nrequest_rate = = 3\n", "line 2, column 16", "Invalid value"),
        ("[customer]\nrequest_rate = often\n", "line 2, column 16", "texts need quotes"),
        ("[customer]\nrequest_rate = 0,8\n", "line 2, column 17", "numbers a decimal point"),
        ("[customer\n", "line 1, column 10", "Expected ']'"),
        ('name = "a', "line 1, column 10", "not valid TOML"),
        ('name = "a"\nname = "b"\n', "line 2, column 11", "Cannot overwrite a value"),
        ("name", "line 1, column 5", "Expected '='"),
    ],
)
def test_a_syntax_error_is_told_with_line_and_column(complaint, content, place, reason):
    message = complaint(content)
    assert message.startswith(f"my-project.toml, {place}: not valid TOML — ")
    assert reason in message


def test_a_syntax_error_repeats_nothing_of_a_file_that_may_be_somebody_elses(complaint):
    assert "hunter2" not in complaint("password: hunter2\n")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("a = " + "[" * 100_000, id="lists in lists"),
        pytest.param("a = " + "{a=" * 5_000, id="tables in tables"),
        pytest.param("a = " + "9" * 10_000, id="a long number"),
        pytest.param("[" + "a." * 200_000 + "a]", id="a deep table"),
        pytest.param("a." * 200_000 + "a = 1", id="a deep key"),
    ],
)
def test_files_made_to_exhaust_the_reader_are_refused_at_once(complaint, content):
    start = time.perf_counter()
    message = complaint(content)
    assert message.startswith("my-project.toml")
    assert len(message) < 300
    assert time.perf_counter() - start < 20  # without the guard a deep key takes hours and gigabytes


@pytest.mark.parametrize("source", ["nowhere.toml", "no/such/place.toml", "", "a\0b", "x" * 5000, "a\x1b[31mb"])
def test_what_is_neither_a_scenario_nor_a_file(source):
    message = refusal(source)
    assert "is neither a built-in scenario nor a file" in message
    assert message.isprintable()
    assert all(name in message for name in builtin_names("scenarios"))


def test_a_misspelt_scenario_is_shown_with_the_nearest_one():
    for name in builtin_names("scenarios"):
        for misspelt in (name[:-1], name.replace("-", "_").upper() + "x", f"{name}.toml"):
            assert f"{misspelt}: is neither a built-in scenario nor a file; did you mean {name}?" in refusal(misspelt)


def test_other_kinds_of_file_are_read_with_their_own_error(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text("[customer]\ndrift = true\n")
    with pytest.raises(PolicyError, match=r"line 2: customer\.drift = true"):
        toml_file.read_model(path, Scenario, PolicyError)
