"""The command help: what people type who do not know that it is --help."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.errors import IntakeLabError
from sim.toml.shown import escaped, listing, nearest

commands = typer.Typer()


@commands.command("help")
def help_of(
    context: typer.Context,
    command: Annotated[str | None, typer.Argument(metavar="COMMAND", help="Of which command.")] = None,
) -> None:
    """Show the help, or that of a command: the same as intakelab COMMAND --help."""
    root = context.find_root()
    if command is None:
        print(root.get_help())
        return
    group = root.command
    known = getattr(group, "commands", {})
    if command not in known:
        near = nearest(command, known)
        hint = f"did you mean {near}?" if near else f"there are {listing(known, most=len(known))}"
        raise IntakeLabError(f"help {escaped(command)}: there is no such command; {hint}")
    with type(context)(known[command], info_name=command, parent=root) as inner:
        print(inner.get_help())
