"""A table for a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

ROW = Markup('<tr><th style="text-align:left">{}</th>{}</tr>')


def html_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """A table whose rows begin with a heading; every text is escaped, unless it is markup."""
    body = [ROW.format(first, _cells("td", rest)) for first, *rest in rows]
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(_cells("th", head), Markup("").join(body))


def _cells(tag: str, texts: Iterable[str]) -> Markup:
    return Markup("").join(Markup(f"<{tag}>{{}}</{tag}>").format(text) for text in texts)
