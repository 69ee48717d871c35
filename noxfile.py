"""Every check, in the environment at hand (the README's second command sets it up).

    nox              all of them, as .ci/run does
    nox -s quick     the tests to run while working: about a minute
    nox -s lint      one of them
    nox -s lowest    the oldest versions that are allowed, in an environment of its own; not in every run
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "none"
HERE = (sys.executable, "-m")


@nox.session
def lint(session: nox.Session) -> None:
    """Rules of the source. No formatter: tables of arguments are set by hand, up to 132 columns."""
    session.run(*HERE, "ruff", "check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly."""
    session.run(*HERE, "mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """The site, into site/; a warning is an error."""
    session.run(*HERE, "mkdocs", "build", "--strict")


@nox.session
def speed(session: nox.Session) -> None:
    """What a replication costs, on small sizes."""
    session.run(sys.executable, "benchmarks/engine.py", "--quick")


@nox.session
def tests(session: nox.Session) -> None:
    """The README's own test command, with the coverage of branches."""
    line = next(line for line in Path("README.md").read_text("utf-8").splitlines() if line.startswith("python -m pip install -e"))
    session.run(*HERE, *shlex.split(line.partition("&&")[2], comments=True), "--cov")


@nox.session(default=False)
def quick(session: nox.Session) -> None:
    """A little of everything that is tested."""
    session.run(*HERE, "pytest", "-m", "quick", *session.posargs)


@nox.session(default=False, venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """Each dependency at its lower bound: the same bits, the same words, and nothing heavy loaded too early."""
    session.install("--resolution", "lowest-direct", "-e", ".[dev]")
    session.run("pytest", *(session.posargs or ["tests/house", "tests/policies", "tests/study", "tests/cli"]))
