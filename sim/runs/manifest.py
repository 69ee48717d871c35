"""The manifest of a results folder: what the results were made of, every text that was read, and each session of work.

It writes and reads itself as JSON. What it says of the results is bound to them: the origin by its digest, with which the name
of every part is made; texts by theirs. `there` says what was there when it was last written, so that a part that was deleted is
missed.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import DamageError, ResultsError
from sim.runs.origin import Origin, digest, versions
from sim.runs.span import Span, merged
from sim.runs.whole_files import read_file, write_whole
from sim.toml.messages import explain
from sim.toml.toml_file import FilePlaces

MANIFEST = "manifest.json"
Count = Annotated[int, Field(ge=0)]


class Kept(BaseModel):
    """Base: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Session(Kept):
    """A stretch of work, from opening the folder to leaving it; one that was killed has no end.

    Attributes
    ----------
    texts
        The digest of each text that it read, by role ("experiment", "scenario NAME", ...).
    """

    started: str
    ended: str | None = None
    seconds: float | None = None
    replications: Count | None = None
    ending: str | None = None
    executor: str
    command: str
    versions: dict[str, str | None]
    platform: str
    texts: dict[str, str]

    @classmethod
    def begun(cls, executor: str, command: str, texts: Mapping[str, str]) -> Session:
        """One that starts now and here."""
        return cls(started=now(), executor=executor, command=command, versions=versions(), platform=platform.platform(),
                   texts={role: digest(text) for role, text in texts.items()})


class Manifest(Kept):
    """See the module.

    Attributes
    ----------
    format, created
        Of the folder.
    origin, origin_digest
        What the results depend on, and the SHA-256 of it.
    there
        The replications that there were when this was written.
    texts
        By their SHA-256.
    sessions
        The latest last.
    """

    format: Literal[2]
    created: str
    origin: Origin
    origin_digest: str
    there: tuple[Span, ...]
    texts: dict[str, str]
    sessions: tuple[Session, ...]

    @model_validator(mode="after")
    def _nothing_was_altered(self) -> Manifest:
        if self.origin.digest() != self.origin_digest:
            raise PydanticCustomError("inconsistent", "what the results were made of was altered: it does not fit its digest")
        for key, text in self.texts.items():
            if digest(text) != key:
                raise PydanticCustomError("inconsistent", "a text was altered: it does not fit its digest")
        for session in self.sessions:
            if set(session.texts.values()) - set(self.texts):
                raise PydanticCustomError("inconsistent", "a text that a session read is not there")
        return self

    @classmethod
    def of(cls, origin: Origin) -> Manifest:
        """Of a folder that is made now."""
        return cls(format=2, created=now(), origin=origin, origin_digest=origin.digest(), there=(), texts={}, sessions=())

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """From a folder.

        Raises
        ------
        ResultsError
            Where there is none.
        DamageError
            Where it was altered.
        """
        path = folder / MANIFEST
        try:
            return cls.model_validate_json(read_file(path))
        except FileNotFoundError:
            raise ResultsError(f"{folder}: no results folder, there is no {MANIFEST}") from None
        except OSError as error:
            raise DamageError(f"{path}: cannot be read ({error.strerror or error})") from error
        except ValidationError as error:
            said = explain(error, cls, FilePlaces(str(path)))
            raise DamageError(f"{said}\n{path}: cannot be read as a manifest; put back a copy of it, or give another folder"
                              ) from None

    def write(self, folder: Path) -> None:
        """Into a folder, whole or not at all."""
        write_whole(folder / MANIFEST, (self.model_dump_json(indent=2) + "\n").encode())

    def with_session(self, session: Session, texts: Mapping[str, str]) -> Manifest:
        """A session more."""
        return self.model_copy(update={
            "texts": self.texts | {digest(text): text for text in texts.values()}, "sessions": (*self.sessions, session)})

    def ended(self, ending: str, seconds: float, replications: int) -> Manifest:
        """The last session at its end."""
        last = self.sessions[-1].model_copy(update={
            "ended": now(), "seconds": seconds, "replications": replications, "ending": ending})
        return self.model_copy(update={"sessions": (*self.sessions[:-1], last)})

    def with_spans(self, spans: Iterable[Span]) -> Manifest:
        """With these replications there."""
        return self.model_copy(update={"there": merged(spans)})


def now() -> str:
    """The time, for people and programs."""
    return datetime.now(UTC).isoformat(timespec="seconds")
