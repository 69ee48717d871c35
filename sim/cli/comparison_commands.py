"""The commands compare and explain: policies on one project, and one of its lives in words. Parses, calls, prints."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.failures import complain, complain_of_failed
from sim.cli.options import (
    Anchors,
    JsonFlag,
    Plugins,
    Policies,
    Quiet,
    ScenarioName,
    Seed,
    Settings,
    Workers,
    plan_of,
    policies_of,
    repeated,
    scenario_of,
)
from sim.cli.output import show, show_json, width
from sim.cli.progress import progress_bar
from sim.errors import IntakeLabError, ScenarioError
from sim.runs.limits import MOST_REPLICATIONS
from sim.toml.harmless import csv_frame

if TYPE_CHECKING:
    from sim.decide.what_if import WhatIf
    from sim.scenario import Scenario
    from sim.study.comparison import Comparison
    from sim.study.inputs import Doubt

COMPARE_EXAMPLES = """\b
Examples
  intakelab compare
  intakelab compare my-project.toml --replications 400 --out results/mine
  intakelab compare my-project.toml --what-if 'customer.request_rate*2'
  intakelab compare --policy always-accept --policy docs/examples/my-board.toml --reference always-accept --details
"""
EXPLAIN_EXAMPLES = """\b
Examples
  intakelab explain classroom --policy co-evaluated --replication 3
  intakelab explain classroom --policy always-accept --policy co-evaluated --replication 3 --request 7
  intakelab explain classroom --hide-truth --replication 3
"""
commands = typer.Typer()


@commands.command(epilog=COMPARE_EXAMPLES)
def compare(
    scenario: ScenarioName = "ai-project",
    policy: Policies = None,
    reference: Annotated[str | None, typer.Option(
        metavar="NAME", help="The policy that --details takes differences to.  [default: co-evaluated, or the first]")] = None,
    anchors: Anchors = True,
    replications: Annotated[int, typer.Option(
        "--replications", "-n", min=1, max=MOST_REPLICATIONS, help="How many projects to live through.")] = 100,
    seed: Seed = 1,
    set_: Settings = None,
    workers: Workers = None,
    plugin: Plugins = None,
    json_: JsonFlag = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print the summary as CSV and nothing else.")] = False,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Write runs (CSV, Parquet), summary and manifest here.")] = None,
    details: Annotated[bool, typer.Option(
        "--details", help="All measures, each with its differences to the reference, and all that they say.")] = False,
    input_uncertainty: Annotated[bool, typer.Option(
        "--input-uncertainty", help="Of a fitted scenario: how much of what is not known is its inputs.")] = False,
    what_if: Annotated[list[str] | None, typer.Option(
        "--what-if", metavar="KEY*N", help="What a value times, by, plus or less N would change, on the same luck. Repeat for "
                                           "more, together.")] = None,
    quiet: Quiet = False,
) -> None:
    """Compare policies on the same customers.

    Each replication is one life of the project; all policies meet the same customers and the same luck in it.
    """
    if json_ and csv:
        raise IntakeLabError("--json and --csv are two kinds of output; choose one")
    if what_if and (csv or out is not None or input_uncertainty):
        raise IntakeLabError("--what-if goes with no --csv, --out or --input-uncertainty, which tell of one scenario")
    from sim.decide.what_if import WhatIf as Asked
    from sim.decide.what_if import moved
    from sim.report.export import prepare_folder, write_comparison
    from sim.runs.processes import executor_for
    from sim.runs.runner import Interrupted
    from sim.study.compare import compare as compare_policies
    from sim.study.comparison import ANCHORS

    project = scenario_of(scenario, set_)
    world, moves = moved(project, what_if or [])
    draws = _draws(scenario, project) if input_uncertainty else []
    chosen = policies_of(policy, plugin)
    if out is not None:
        prepare_folder(out)
    given = [scenario, *repeated("--set", set_), *repeated("--plugin", plugin), "--seed", str(seed)]
    texts = {made.name: text for made, text in zip(chosen or [], policy or [], strict=True)}

    def reproduce(name: str, replication: int) -> str:
        told = ["--policy", texts.get(name, name), "--replication", str(replication)]
        return shlex.join(["intakelab", "explain", *given, *told])

    def compared(world: Scenario) -> Comparison:
        bar = progress_bar(replications, f"{project.name}: replications", quiet)
        with executor_for(workers) as executor, bar as progress:
            return compare_policies(
                world, chosen, reference=reference, anchors=ANCHORS if anchors else (),
                replications=replications, seed=seed, executor=executor, progress=progress, reproduce=reproduce)

    interrupted, asked = False, None
    try:
        found = compared(project)
    except Interrupted as stop:
        if stop.kept is None:
            complain("interrupted; no replication was done yet")
            raise typer.Exit(130) from None
        found, interrupted = stop.kept, True
    if moves and not interrupted:
        try:
            asked = Asked(moves, found, compared(world))
        except Interrupted:
            complain("interrupted in the moved scenario; what follows is of the scenario as it is")
            interrupted = True

    doubts = _doubts(found, draws, workers, quiet) if draws else []
    _print(found, json_, csv, details, doubts, len(draws), asked)
    if out is not None:
        typed = ["intakelab", "compare", *given, *repeated("--policy", policy), *(["--reference", reference] if reference else []),
                 *([] if anchors else ["--no-anchors"]),
                 "--replications", str(replications)]
        written = write_comparison(out, found, command=shlex.join(typed), scenario_text=_text_of(scenario))
        if not quiet:
            print(f"written: {', '.join(str(path) for path in written)}", file=sys.stderr)
    if not (json_ or csv or quiet):
        show(("" if details else "\nAll measures: the same with --details.") + "\nNext: " + _next(found, given, texts))
    complain_of_failed(found.failures)
    if interrupted:
        complain(f"interrupted; kept {found.replications} of {replications} replications")
        raise typer.Exit(130)
    if len(found.failures):
        complain(f"{len(found.failures)} of {len(found.failures) + len(found.frame)} runs failed")
        raise typer.Exit(1)


@commands.command(epilog=EXPLAIN_EXAMPLES)
def explain(
    scenario: ScenarioName = "classroom",
    policy: Policies = None,
    replication: Annotated[int, typer.Option("--replication", "-r", min=0, max=MOST_REPLICATIONS, help="Which one.")] = 0,
    request: Annotated[int | None, typer.Option(min=0, help="Only this request.")] = None,
    hide_truth: Annotated[bool, typer.Option(
        "--hide-truth", help="Only what people could know at the time: for a class that is to guess.")] = False,
    seed: Seed = 1,
    set_: Settings = None,
    plugin: Plugins = None,
    experiment: Annotated[str | None, typer.Option(
        metavar="EXPERIMENT", help="Scenario, policies and seed of this experiment instead.")] = None,
    point: Annotated[int, typer.Option(min=0, help="With --experiment: at which design point.")] = 0,
) -> None:
    """Tell one replication, request by request.

    What arrived, what was seen, which rule fired, and what became of it, against the hidden truth; first how the project ended.
    With two policies, the same request stands side by side (default: always-accept and co-evaluated).
    """
    from sim.report.explain import log_text
    from sim.runs.simulate import simulate

    if policy and len(policy) > 2:
        raise IntakeLabError(f"explain shows one policy or two side by side, not {len(policy)}")
    if experiment is None:
        project = scenario_of(scenario, set_)
        chosen = policies_of(policy or ["always-accept", "co-evaluated"], plugin) or []
    else:
        project, chosen, seed = plan_of(experiment, plugin).chosen(point, policy or [])
    knowing = [made.name for made in chosen if made.evaluators.truth]
    if hide_truth and knowing:
        raise IntakeLabError(f"--hide-truth: {knowing[0]} sees the truth, so that its log tells it; choose another policy")
    runs = [simulate(project, made, seed=seed, replication=replication) for made in chosen]
    show(log_text(runs, width(), request, truth=not hide_truth))


# --- small print ---


def _text_of(scenario: str) -> str:
    from sim.toml.shipped import find_file

    return find_file("scenarios", scenario, ScenarioError).read_text(encoding="utf-8-sig")


def _draws(scenario: str, project: Scenario) -> list[dict[str, Any]]:
    from sim.report.doubts_text import draws_beside
    from sim.study.inputs import DRAWS, read_draws

    return read_draws(draws_beside(scenario), project)[:DRAWS]


def _doubts(found: Comparison, draws: list[dict[str, Any]], workers: int | None, quiet: bool) -> list[Doubt]:
    from sim.report.comparison_table import shown_metrics
    from sim.runs.processes import executor_for
    from sim.study.inputs import REPLICATIONS, doubts

    bar = progress_bar(len(draws) * REPLICATIONS, f"{found.scenario.name}: draws of inputs", quiet)
    with executor_for(workers) as executor, bar as progress:
        return doubts(found.scenario, draws, found.policies, found.reference, shown_metrics(found)[:4], seed=found.seed,
                      executor=executor, progress=progress)


def _print(
    found: Comparison, json_: bool, csv: bool, details: bool, doubts: list[Doubt], draws: int,
    asked: WhatIf | None,
) -> None:
    if json_:
        from sim.report.export import as_json
        from sim.report.what_if_text import what_if_json

        told = {} if asked is None else {"what_if": what_if_json(asked)}
        show_json(as_json(found) | told | ({"input_uncertainty": [one._asdict() for one in doubts]} if doubts else {}))
    elif csv:
        csv_frame(found.summary.reset_index()).to_csv(sys.stdout, index=False)
    else:
        if asked is not None:
            from sim.report.what_if_text import what_if_text

            show(what_if_text(asked, width()) + ("\n" if details else ""))
        if asked is None or details:
            show(found.text(width(), details))
        if doubts:
            from sim.report.doubts_text import doubts_text
            from sim.study.inputs import REPLICATIONS

            show("\n" + doubts_text(doubts, found.reference, draws, REPLICATIONS, width()))


def _next(found: Comparison, given: list[str], texts: dict[str, str]) -> str:
    """The same luck, one replication in words, under the two policies that differ most in the table."""
    pair = [found.reference, *(name for name in reversed(found.ranked()) if name != found.reference)][:2]
    named = [part for name in reversed(pair) for part in ("--policy", texts.get(name, name))]
    return shlex.join(["intakelab", "explain", *given, *named, "--replication", "0"])
