"""The rules of the model for a reader: the parts of ``docs/model.md`` that the register knows.

``python -m sim.scenario.model_page docs/model.md`` writes them anew. A rule stands where its name does, in a line
``<!-- rules: NAME, NAME -->``; what is between that line and ``<!-- end of rules -->`` is not to be edited.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from sim.errors import IntakeLabError
from sim.scenario.assumption import OURS, PROJECT
from sim.scenario.mechanisms import Rule
from sim.scenario.register import rules
from sim.toml.shown import nearest, shown

COMMAND = "python -m sim.scenario.model_page docs/model.md"
BLOCK = re.compile(r"(?P<head><!-- rules: (?P<names>.*?) -->\n).*?(?P<foot><!-- end of rules -->)", re.DOTALL)


def names_in(page: str) -> list[str]:
    """Names of the rules that a page tells, in its order."""
    return [name for block in BLOCK.finditer(page) for name in re.split(r",\s+", block["names"])]


def filled(page: str) -> str:
    """The page with every rule as the register has it now.

    Raises
    ------
    IntakeLabError
        Where the page names a rule that the register does not have.
    """
    known = rules()
    for name in names_in(page):
        if name not in known:
            raise IntakeLabError(f"the register has no rule {name!r}; the nearest is {nearest(name, known)}")

    def block(found: re.Match[str]) -> str:
        lines = [f"- {rule_text(known[name])}\n" for name in names_in(found[0])]
        return f"{found['head']}\n{''.join(lines)}\n{found['foot']}"

    return BLOCK.sub(block, page)


def rule_text(rule: Rule) -> str:
    """A rule in a paragraph: equation, off value, what is left out, and how well it is known."""
    return " ".join(f"{part}." for part in _parts(rule))


def _parts(rule: Rule) -> Iterator[str]:
    yield f"**{rule.name}**" + (f": {rule.equation}" if rule.equation else "")
    if rule.offs:
        yield "Off: " + ", ".join(f"`{key} = {shown(off)}`" for key, off in rule.offs.items())
    if rule.left_out:
        yield f"*Simplified:* {rule.left_out}"
    sources = dict.fromkeys(row.source for row in rule.rows if row.source not in (OURS, PROJECT))
    known = ", ".join(dict.fromkeys(row.evidence for row in rule.rows))
    yield f"*{known.capitalize()}*" + (f": {'; '.join(sources)}" if sources else "")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(filled(target.read_text(encoding="utf-8")), encoding="utf-8")
