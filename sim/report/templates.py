"""Pages from templates. Every value is escaped for the page that it goes to, unless it is marked as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.toml import harmless


def html_page(name: str, **values: Any) -> str:
    """A page of HTML."""
    return _environment().get_template(name).render(values)


def markdown_page(name: str, **values: Any) -> str:
    """A page of Markdown; the filters are `code` (a key or a name), `named` (several of them) and `value` (a value in full)."""
    environment = _environment(finalize=as_markdown)
    environment.filters |= {"code": code, "named": named, "value": value_text}
    return re.sub(r"\n{3,}", "\n\n", environment.get_template(name).render(values))


def _environment(**more: Any) -> Environment:
    return Environment(
        loader=PackageLoader("sim.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        **more)


def as_markdown(value: Any) -> Any:
    """A value of a template as Markdown; what is markup already stays as it is."""
    if hasattr(value, "__html__") or isinstance(value, StrictUndefined):
        return value
    return Markup(harmless.markdown(value if isinstance(value, str) else value_text(value)))


def code(text: object) -> Markup:
    """A key or a name."""
    return Markup(harmless.code(text))


def named(words: Iterable[object], nothing: str = "none") -> Markup:
    """Keys or names, listed."""
    return Markup(", ".join(map(code, words)) or nothing)


def value_text(value: Any) -> str:
    """A value in full.

    Examples
    --------
    >>> value_text(2.0), value_text((0.5, 1.0)), value_text("none")
    ('2', '[0.5, 1]', 'none')
    """
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_text, value))}]"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
