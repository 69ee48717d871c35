"""Ways to damage a file: each takes good bytes and gives bytes that somebody could hand to the program.

What is drawn comes from the `random.Random` that is handed in, so that the same seed damages in the same way.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd

Damage = Callable[[Random, bytes], bytes]
NUMBERS = [
    "nan", "inf", "-inf", "1e308", "-1e308", "1e-308", "1e-6", "0", "-0.0", "-1", "1", "0.5", "2", "1e9", "99999999999999999999",
    "1_0", "0x10", "0.1e", "1979-05-27", "9" * 5000, "1e400", "18446744073709551616", "-9223372036854775809"]
TEXTS = [
    "", " ", "x", "x" * 3000, "always-accept", "ai-project", "small.toml", ".", "..", "../x", "x/y",
    "nul\\u0000", "=HYPERLINK(\\\"http://x\\\")", "<script>alert(1)</script>", "javascript:alert(1)", "\\u001b[2J", "a\\nb", "a,b",
    "a:b=c", "%s{0}${x}", "\\u202egnp.exe", "\\ud83d\\ude00", "customer.request_rate", "policy.change-board.days"]
OTHERS = ["true", "false", "[]", "{}", "[[]]", "[1, 'a', true]", "{a = 1}", '{"a": 1}', "null", "[" * 3000 + "]" * 3000,
          "[" * 100_000]
VALUES = [*NUMBERS, *(f'"{text}"' for text in TEXTS), *OTHERS]
BYTES = [b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1b[31m", b"\xc3\x28", b"\xed\xa0\x80", b"\r", b"\n", b"\t", b'"', b"'",
         b"[", b"]", b"{", b"}", b"=", b",", b";", b"#", b".", b"\\", b"\xe2\x80\xa8", b"\x7f", b"'''", b'"""']
VALUE = re.compile(rb"""(?<=[=,\[:;\t])[ ]*("[^"\n]*"|'[^'\n]*'|[\w.+-]+)""")
NUMBER = re.compile(rb"(?<![\w.-])-?\d+(\.\d+)?(?![\w.-])")
WHOLE = ["0", "1", "2", "3", "7", "50", "1000", "10000", "100000", "1000000", "10000000", "2147483647", "9007199254740993"]
FLOATS = ["0.0", "0.000001", "0.001", "0.01", "0.1", "0.5", "0.999999", "1.0", "2.0", "50.0", "1000.0", "10000.0", "1e9"]
NAME = re.compile(rb"[A-Za-z_][\w-]+")


def place(rng: Random, data: bytes) -> int:
    """Somewhere in the data."""
    return rng.randrange(len(data) + 1)


def span(rng: Random, data: bytes) -> tuple[int, int]:
    """A piece, mostly short."""
    start = place(rng, data)
    return start, min(len(data), start + int(rng.paretovariate(0.5)))


def bit_flipped(rng: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut_off(rng: Random, data: bytes) -> bytes:
    return data[: place(rng, data)]


def piece_lost(rng: Random, data: bytes) -> bytes:
    start, end = span(rng, data)
    return data[:start] + data[end:]


def piece_doubled(rng: Random, data: bytes) -> bytes:
    start, end = span(rng, data)
    return data[:end] + data[start:end] * rng.choice([1, 1, 2, 50]) + data[end:]


def bytes_put_in(rng: Random, data: bytes) -> bytes:
    at = place(rng, data)
    return data[:at] + rng.choice(BYTES) * rng.choice([1, 1, 1, 100]) + data[at:]


def line_lost(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def line_doubled(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    return b"\n".join([*lines[:at], lines[at], *lines[at:]])


def lines_swapped(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def value_changed(rng: Random, data: bytes) -> bytes:
    """Another number, another type, another text, nesting without end."""
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        if found := list(VALUE.finditer(data)):
            at = rng.choice(found)
            data = data[: at.start()] + b" " + rng.choice(VALUES).encode() + data[at.end() :]
    return data


def number_changed(rng: Random, data: bytes) -> bytes:
    """Another number of the same type: lawful, but perhaps much too large or too small to work with."""
    for _ in range(rng.choice([1, 1, 2, 3])):
        if found := list(NUMBER.finditer(data)):
            at = rng.choice(found)
            said = rng.choice(FLOATS if b"." in at[0] else WHOLE)
            data = data[: at.start()] + said.encode() + data[at.end() :]
    return data


def name_changed(rng: Random, data: bytes) -> bytes:
    """A name in place of another one: a key that is not there, a value of the wrong kind, a key that is there twice."""
    if not (found := list(NAME.finditer(data))):
        return data
    at, other = rng.choice(found), rng.choice(found)[0]
    return data[: at.start()] + rng.choice([other, other[:-1], other + b"s", rng.choice(TEXTS).encode()]) + data[at.end() :]


def written_otherwise(rng: Random, data: bytes) -> bytes:
    """Another encoding, other line ends."""
    text = data.decode("utf-8", "replace")
    return rng.choice([
        lambda: text.encode("utf-16"), lambda: text.encode("utf-32"), lambda: text.encode("latin-1", "replace"),
        lambda: b"\xef\xbb\xbf" + data, lambda: data.replace(b"\n", b"\r\n"), lambda: data.replace(b"\n", b"\r"),
        lambda: data.replace(b"\n", "\u2028".encode()), lambda: data[::-1], lambda: text.upper().encode(),
        lambda: text.encode("utf-8").hex().encode()])()


def something_else(rng: Random, data: bytes) -> bytes:
    """Not such a file at all."""
    return rng.choice([
        b"", b"\n", b"\x00" * 1000, b"{}", b"[]", b"null", b"[[]]", b"PK\x03\x04", b"PAR1", b"PAR1" * 100, b"%PDF-1.4", b"\x1f\x8b",
        b"a" * 200_000, b"[" * 100_000, b'{"a":' * 50_000, b",\n" * 50_000, rng.randbytes(500), b"\x7fELF", b"# only\n",
        b'name = "a"\n', b"\xff\xfe", b"a,b\n1,2\n", b'{"a": 1}\n' * 20])


ANY: list[Damage] = [bit_flipped, cut_off, piece_lost, piece_doubled, bytes_put_in, something_else]
TEXT: list[Damage] = [*ANY, line_lost, line_doubled, lines_swapped, written_otherwise, name_changed, *[value_changed] * 4,
                      *[number_changed] * 3]


def at_its_limits(rng: Random, _: bytes) -> bytes:
    """A small project in which some assumptions are as low or as high as they may be, or next to it."""
    from sim.scenario.register import rows

    said = {"project.planned_items": "10", "project.deadline": "30.0", "project.horizon": "120.0"}
    known = [row for row in rows() if row.low is not None and row.high is not None and not {"NAME", "0"} & set(row.key.split("."))]
    for row in rng.sample(known, rng.choice([1, 2, 3, 5, 10, 40])):
        low, high = float(row.low or 0.0), float(row.high or 0.0)
        value = rng.choice([low, high, low + 1e-6 * (high - low), high - 1e-6 * (high - low), 1e-6, (low + high) / 2.0])
        said[row.key] = str(int(value)) if isinstance(row.default, int) else repr(value)
    return "\n".join(['name = "limits"', *(f"{key} = {value}" for key, value in said.items())]).encode()


def json_changed(rng: Random, data: bytes) -> bytes:
    """An entry lost, of another type, doubled, or under another name; the file itself stays JSON."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):  # damaged before
        return value_changed(rng, data)
    for _ in range(rng.choice([1, 1, 1, 3])):
        holder: Any = whole
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = rng.choice(keys)
            if isinstance(holder[key], dict | list) and holder[key] and rng.random() < 0.7:
                holder = holder[key]
                continue
            change = rng.randrange(4)
            if change == 0:
                del holder[key]
            elif change == 1 and isinstance(holder, dict):
                holder[rng.choice(["", "x", "seed", "texts", "\x1b"])] = holder.pop(key)
            else:
                holder[key] = rng.choice([
                    None, True, 0, -1, 1e308, float("nan"), 10**30, 2**31, "", "x", "a" * 64, [], {}, [None], {"a": None},
                    "\x1b[2J", "<script>", [[[]]], 1.5, "2024-13-45"])
            break
    return json.dumps(whole).encode()


def parquet_changed(rng: Random, data: bytes) -> bytes:
    """Still Parquet: columns lost, renamed, of another type, nested; no rows, rows in another order, other numbers."""
    try:
        table = pd.read_parquet(io.BytesIO(data)).astype(object)
    except Exception:
        return bit_flipped(rng, data)
    name = rng.choice(list(table.columns))
    odd: list[Any] = [None, float("nan"), float("inf"), -1, 2**62, 1e308, "", "x", "\x1b[2J", b"\xff", True, pd.Timestamp.max,
                      pd.Timedelta("1D"), 0]
    change = rng.randrange(8)
    if change == 0:
        table = table.drop(columns=name)
    elif change == 1:
        table = table.rename(columns={name: rng.choice(["", "x", "=1+1", "\x1b", *map(str, table.columns)])})
    elif change == 2:
        table[name] = [rng.choice(odd)] * len(table)
    elif change == 3:
        table = table.iloc[:0]
    elif change == 4:
        table = table.sample(frac=1.0, random_state=rng.randrange(2**31))
    elif change == 5:
        table[name] = [[value] for value in table[name]]
    elif change == 6:
        table = table.set_index(name)
    else:
        table[name] = table[name].astype(str)
    sink = io.BytesIO()
    try:
        table.to_parquet(sink)
    except Exception:  # what Parquet cannot hold
        return cut_off(rng, data)
    return sink.getvalue()


def part_changed(rng: Random, data: bytes) -> bytes:
    """A workbook of which one part is damaged, lost, or put there twice."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as workbook:
            parts = {name: workbook.read(name) for name in workbook.namelist()}
    except Exception:  # damaged before
        return bit_flipped(rng, data)
    hit = rng.choice([*parts, *[name for name in parts if "sheet" in name] * 3])
    parts[hit] = rng.choice([*TEXT, *[xml_changed] * 4])(rng, parts[hit])
    if rng.random() < 0.1:
        del parts[hit]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return made.getvalue()


def xml_changed(rng: Random, data: bytes) -> bytes:
    """An attribute or a text with another value."""
    found = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)', data))
    if not found:
        return data
    at = rng.choice(found)
    texts = [text for text in TEXTS if '"' not in text]
    said = rng.choice([*NUMBERS, *texts, "ZZZZ99", "XFD1048577", "A0", "e", "d", "s", "inlineStr", "&x;"])
    return data[: at.start()] + said.encode() + data[at.end() :]


def in_place_of(rng: Random, path: Path) -> str:
    """Put something that is no regular file, or none at all, where a file was; says what."""
    kind = rng.choice(
        ["missing", "folder", "pipe", "dangling link", "link loop", "link to a device", "empty", "huge", "link to a folder"])
    if path.is_dir() and not path.is_symlink():
        os.rename(path, path.with_name(path.name + "-before"))
    else:
        path.unlink(missing_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "dangling link":
        path.symlink_to("nowhere")
    elif kind == "link loop":
        path.symlink_to(path.name)
    elif kind == "link to a device":
        path.symlink_to("/dev/zero")
    elif kind == "link to a folder":
        path.symlink_to(".")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(20_000_000_000)  # sparse: takes no room
    return kind


def good_export(rows: int = 60) -> pd.DataFrame:
    """A log as Jira would write it, with efforts and estimates."""
    rng = np.random.default_rng(5)
    created = pd.Timestamp("2023-01-02 09:00") + pd.to_timedelta(np.arange(rows) * 2.13, unit="D")
    resolved = created + pd.to_timedelta(rng.exponential(5.0, rows), unit="D")
    estimate = rng.lognormal(9.0, 1.0, rows).round()
    return pd.DataFrame({
        "Issue key": [f"A-{at}" for at in range(rows)], "Summary": [f"Wünsch dir was, {at}" for at in range(rows)],
        "Status": np.where(np.arange(rows) % 9 == 0, "Open", "Closed"),
        "Resolution": np.where(np.arange(rows) % 9 == 0, "", np.where(np.arange(rows) % 5 == 0, "Won't Fix", "Fixed")),
        "Created": created.strftime("%d/%b/%y %H:%M"),
        "Resolved": np.where(np.arange(rows) % 9 == 0, "", resolved.strftime("%d/%b/%y %H:%M")),
        "Original Estimate": estimate, "Time Spent": (estimate * rng.lognormal(0.0, 0.5, rows)).round()})
