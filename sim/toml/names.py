"""The one rule for names: of scenarios, roles, stages, groups, policies, experiments and hypotheses.

A name becomes a dotted key, a folder, a word on a command line, a cell of a table, a heading; so it has nothing in it that one of
these takes for something else.
"""

from __future__ import annotations

import re

LONGEST_NAME = 80
NAME_RULE = "a name of letters, digits, spaces, hyphens and underscores is needed"
NOT_IN_NAMES = frozenset("./\\:=\"'`[]{}#,;<>|*?$")  # dots would break dotted keys; the rest breaks file names, shells or TOML
NOT_FIRST = frozenset("+-@ ")  # a spreadsheet takes what begins so for a formula, a command for an option


def is_name(text: str) -> bool:
    """Whether a text may be a name.

    Examples
    --------
    >>> is_name("R & D (lab)"), is_name("ग्राहक"), is_name("=1+1"), is_name("-x"), is_name("a.b")
    (True, True, False, False, False)
    """
    return (
        0 < len(text) <= LONGEST_NAME and text.isprintable() and text == text.strip() and text[0] not in NOT_FIRST
        and not any(char in NOT_IN_NAMES for char in text))


def as_name(text: str, otherwise: str) -> str:
    """A name made of any text; `otherwise` where nothing is left of it.

    Examples
    --------
    >>> as_name("my: project!", "fitted"), as_name("...", "fitted")
    ('my- project', 'fitted')
    """
    return re.sub(r"[^\w -]", "-", text).strip(" -")[:LONGEST_NAME].strip(" -") or otherwise
