"""From whatever goes wrong to one clear message and an exit code: 2 for an error, 130 for Ctrl-C and SIGTERM; never a traceback."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from sim.errors import IntakeLabError
from sim.toml.harmless import printable

if TYPE_CHECKING:
    import pandas as pd

# typer carries click inside itself or beside itself, depending on its version; its own exception knows the base of both
UsageError = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
DEBUG = "INTAKELAB_DEBUG"


def guarded(command: Callable[[], Any]) -> int:
    """Run a command and return its exit code; every error becomes one message on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show ± gets a question mark, not a crash
    try:
        with _asked_to_end_as_by_ctrl_c():
            code = command()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        _close_quietly()
        return 141  # as if SIGPIPE had ended it
    except KeyboardInterrupt:
        return 130
    except typer.Abort as stop:
        return _aborted(stop)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        if isinstance(error, UsageError):
            return _usage(error)
        if isinstance(error, IntakeLabError):
            complain(str(error))
        elif isinstance(error, UnicodeEncodeError) and error.reason.startswith("surrogates"):
            # Python carries such bytes along until they are written.
            complain("a name or a text that was typed has bytes that are no UTF-8")
        elif isinstance(error, MemoryError):
            complain("out of memory; try fewer replications or workers")
        else:
            complain(f"unexpected {type(error).__name__}: {error}\n(a defect of IntakeLab; {DEBUG}=1 shows where)")
        return 2


def complain(message: str) -> None:
    """``intakelab: ...`` on standard error, one prefix a line."""
    for line in printable(message).splitlines():
        print(f"intakelab: {line}", file=sys.stderr)


def complain_of_failed(failures: pd.DataFrame) -> None:
    """The first runs that failed, and how to see what happened in them."""
    for _, failure in failures.head(5).iterrows():
        complain(f"failed in stage {failure['stage']}: {failure['error']}; to see it: {failure['command']}")


def _usage(error: Any) -> int:
    """A misspelt option or command, with the nearest name where there is one."""
    text = error.format_message()
    if not text:  # no command given: help has been shown
        return 2
    complain(" ".join(text.split()))
    context = getattr(error, "ctx", None)
    print(f"{context.command_path if context else 'intakelab'} --help tells more", file=sys.stderr)
    return 2


@contextmanager
def _asked_to_end_as_by_ctrl_c() -> Iterator[None]:
    """SIGTERM (of a batch system, of timeout) keeps what is done and says how to go on."""
    if threading.current_thread() is not threading.main_thread():  # only there can signals be looked after
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _aborted(stop: typer.Abort) -> int:
    """Typer makes the same of Ctrl-C and of an end of file, wherever that was met."""
    if not isinstance(stop.__cause__, EOFError):
        return 130
    complain(f"unexpected end of a file or of another process ({stop.__cause__ or 'EOFError'})")
    return 2


def _close_quietly() -> None:
    """Whoever read us has gone; the interpreter must not complain when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
