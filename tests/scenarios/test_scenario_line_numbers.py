"""A message names the line on which the key stands, or none; never a wrong one."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.toml.locate import locate


def lines_of(text: str) -> dict[tuple[int | str, ...], int]:
    return locate(text, tomllib.loads(text))


def test_keys_stand_on_the_line_on_which_they_begin():
    text = '''\
title = """
[not.a.table]
x = 1
"""  # a comment with = and [
[a."b.c".'d e']
x = [
  1,  # one
  [2, 3],
  { y = 4, z.w = 5 },
]
[[list]]
n = 1
[list.inner]
m = '#"'
[[list]]
n.o = 2
[[list.deep]]
p = 1
'''
    lines = lines_of(text)
    inner = ("a", "b.c", "d e")
    assert {
        ("title",): 1, inner: 5, (*inner, "x"): 6, (*inner, "x", 0): 7, (*inner, "x", 1, 1): 8, (*inner, "x", 2, "z", "w"): 9,
        ("list", 0): 11, ("list", 0, "n"): 12, ("list", 0, "inner"): 13, ("list", 0, "inner", "m"): 14, ("list", 1): 15,
        ("list", 1, "n", "o"): 16, ("list", 1, "deep", 0): 17, ("list", 1, "deep", 0, "p"): 18,
    }.items() <= lines.items()


STRINGS = ['"a\\"b#"', "'a\\'", '"""a\n""b"""', "'''a\n''b'''", '""', "''", '""""a"""""', '"""\\"" """']


@pytest.mark.parametrize("string", STRINGS)
def test_strings_of_all_kinds_are_passed_over(string):
    text = f"first = {string}\nsecond = [{string}, 1]\nthird = 1\n"
    below = 2 + string.count("\n")
    assert lines_of(text)[("second",)] == below
    assert lines_of(text)[("third",)] == below + 1 + string.count("\n")


VALUES = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(["true", "1.5e3", "nan", "1979-05-27 07:32:00"]),
    st.sampled_from(['"#[x]=\\""', "'\\'", '"""\n# [a]\nb = 1\n"""', "'''\n]\n'''"]),
)
LISTS = st.lists(VALUES, max_size=3).flatmap(
    lambda values: st.sampled_from(["[" + ", ".join(values) + "]", "[\n" + ",  # x = [1]\n".join(values) + "\n]"])
)
INLINE = st.lists(VALUES.filter(lambda value: "\n" not in value), max_size=2).map(
    lambda values: "{ " + ", ".join(f"i{at}.j = {value}" for at, value in enumerate(values)) + " }"
)
PAIRS = st.lists(
    st.tuples(st.sampled_from(["k{}", "'k {}'", '"k.{}"', "k{}.x"]), st.one_of(VALUES, LISTS, INLINE)), min_size=1, max_size=4
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[tuple[int | str, ...], int]]:
    """A TOML text, and the line of each key as it was written."""
    text, lines, entries = "", {}, 0
    for at in range(draw(st.integers(1, 5))):
        text += draw(st.sampled_from(["", "\n", "# [x]\n", " \t\n\n"]))
        table: tuple[int | str, ...] = ()
        if at:
            array = draw(st.booleans())
            table = ("list", entries) if array else ("table", f"t{at}")
            entries += array
            lines[table] = text.count("\n") + 1
            text += "[[list]]\n" if array else f"[table.t{at}] # ]\n"
        for number, (key, value) in enumerate(draw(PAIRS)):
            written = key.format(f"{at}{number}")
            parts = written.split(".") if written[0] == "k" else [written.strip("'\"")]
            lines[(*table, *parts)] = text.count("\n") + 1
            text += f"{written} = {value}\n"
    return text, lines


@given(documents())
def test_every_key_of_any_document_is_found_where_it_was_written(document):
    text, written = document
    found = lines_of(text)
    assert {loc: found.get(loc) for loc in written} == written


@given(documents(), st.sampled_from(["k00", "table", "list", "0", "]", "="]))
def test_where_text_and_data_disagree_no_line_is_given(document, removed):
    text, _ = document
    data = tomllib.loads(text)
    if (other := text.replace(removed, "zz")) != text and (found := locate(other, data)):
        assert found == locate(text, data)  # the change was inside a string or a comment
