"""A question that takes a second, in a folder that holds small.toml (see tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TINY = """
name = "tiny"
question = "Does accepting everything take longer?"
scenarios = ["small.toml"]
policies = ["always-accept", "hurried", "co-evaluated"]
reference = "co-evaluated"
metrics = ["delay", "cost", "satisfaction"]
seed = 7

[policy.hurried]
base = "co-evaluated"
promise.basis = "wish"

[design]
kind = "sweep"

[[factors]]
key = "customer.request_rate"
levels = [0.2, 1.2]

[precision]
replications = 12
quick = 10

[[hypotheses]]
name = "later"
statement = "always-accept finishes later"
metric = "delay"
kind = "greater"
policy = "always-accept"
against = "co-evaluated"

[[hypotheses]]
name = "never"
statement = "nobody ever asks"
metric = "requests"
kind = "less"
policy = "always-accept"
factor = "customer.request_rate"
smallest_effect = 1000.0
about = "boundary"
"""
Writes = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writes:
    """Write tiny.toml, with texts replaced; refuses a replacement that replaces nothing."""

    def file(*changes: tuple[str, str], name: str = "tiny.toml") -> Path:
        text = TINY
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return file
