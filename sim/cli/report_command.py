"""The command for a page: report. Parses, calls, prints; decides nothing."""

from __future__ import annotations

import shlex
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failures import complain
from sim.cli.options import (
    Anchors,
    Plugins,
    Policies,
    Quiet,
    Seed,
    Settings,
    Workers,
    policies_of,
    repeated,
    results_in,
    scenario_of,
)
from sim.cli.output import show
from sim.errors import IntakeLabError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.decide.spending import Spending
    from sim.report.gathered import Step
    from sim.scenario import Scenario
    from sim.study.comparison import Comparison

MOST = 100_000
EXAMPLES = """\b
Examples
  intakelab report ai-project --out decision.html
  intakelab report results/customer-is-king-0123456789 --out decision.html
  intakelab report my-project.toml --out decision.html --pdf decision.pdf --figures figures
  intakelab report classroom --policy always-accept --policy change-board --set customer.request_rate=0.5
"""
commands = typer.Typer()


@commands.command(epilog=EXAMPLES)
def report(
    scenario: Annotated[str, typer.Argument(
        metavar="SCENARIO|FOLDER", help="A built-in scenario, a TOML file, or a results folder of intakelab run.")] = "ai-project",
    out: Annotated[Path, typer.Option(metavar="FILE", help="The page.")] = Path("decision.html"),
    policy: Policies = None,
    anchors: Anchors = True,
    replications: Annotated[int | None, typer.Option(
        "--replications", "-n", min=2, max=MOST, help="Simulated lives of the project under each policy.  [default: what fits the "
                                                      "time]")] = None,
    per_end: Annotated[int | None, typer.Option(
        min=2, max=MOST, help="Replications at each end of an assumption's range.  [default: what fits the time]")] = None,
    seed: Seed = 1,
    set_: Settings = None,
    workers: Workers = None,
    plugin: Plugins = None,
    point: Annotated[int, typer.Option(min=0, help="Of a results folder: which design point.")] = 0,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Also print the page to PDF (needs Chromium or Chrome).")] = None,
    figures: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Also write the pictures (SVG, PNG) and the tables (CSV) here.")] = None,
    tuned: Annotated[str | None, typer.Option(
        "--tuning", metavar="SIZE", help="whole, quick, least, or none: how thoroughly settings are tuned.  [default: what fits "
                                         "the time]")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A first page, in a quarter of the time: about 20 seconds, "
                                                                   "more where a run is dear.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write one page for whoever decides.

    Which policy, how much it does, how sure that is, and what would change it. The page needs no network and no script.
    """
    from sim.report.about_log import about_of
    from sim.report.gathered import gather
    from sim.report.page import render
    from sim.report.page_files import check_target, need_browser, write_figures, write_pdf
    from sim.runs.processes import cores
    from sim.runs.runner import Interrupted
    from sim.runs.whole_files import write_whole
    from sim.study.comparison import ANCHORS

    found = _found(scenario, point, plugin)
    project = scenario_of(scenario, set_) if found is None else found.scenario
    chosen = policies_of(policy, plugin)
    if found is not None and (policy or set_):
        raise IntakeLabError("--policy and --set change what is run; a results folder has its runs already")
    seed = seed if found is None else found.seed
    check_target(out)
    if pdf is not None:
        check_target(pdf)
        need_browser()
    plan = _spending(project, workers or cores(), 20.0 if quick else 90.0, tuned, bool(policy) or found is not None)
    replications = (replications or plan.replications) if found is None else found.replications
    each = min(per_end or plan.per_end, replications)
    at = ["--point", str(point)] if found is not None else []
    typed = ["intakelab", "report", scenario, *at, *repeated("--policy", policy), *([] if anchors else ["--no-anchors"]),
             *repeated("--set", set_), *repeated("--plugin", plugin), "--replications", str(replications), "--per-end", str(each),
             *([] if found is not None or policy else ["--tuning", plan.tuning or "none"]), "--seed", str(seed)]
    try:
        with _steps(project.name, quiet) as step:
            evidence = gather(project, chosen, anchors=ANCHORS if anchors else (), replications=replications,
                              per_end=each, seed=seed, workers=workers or cores(), command=shlex.join(typed), step=step,
                              found=found, fitted=_fitted(scenario, project),
                              tuning=plan.searched(seed) if plan.tuning else None,
                              about=about_of(scenario, project, seed, plan.draws) if found is None else None)
            if step is not None:
                step("drawing the page", 0, 1)
            write_whole(out, render(evidence).encode("utf-8"))
    except (Interrupted, KeyboardInterrupt):
        complain("interrupted; nothing was written")
        raise typer.Exit(130) from None
    written = [out]
    if figures is not None:
        written += write_figures(figures, evidence)
    if pdf is not None:
        write_pdf(out, pdf)
        written.append(pdf)
    if not quiet:
        more = f" and {len(written) - 1} more files" if len(written) > 1 else ""
        show(f"{out}: written{more}. Open it in a browser.")


def _spending(project: Scenario, workers: int, seconds: float, size: str | None, given: bool) -> Spending:
    """How much is run; nothing is tuned where the policies are given, or the runs are there."""
    from sim.decide.spending import SIZES, spending_for

    if size is not None and size not in (*SIZES, "none"):
        raise IntakeLabError(f"--tuning {size}: {', '.join(SIZES)} or none is needed")
    plan = spending_for(project, seconds, workers)
    return replace(plan, tuning="" if given or size == "none" else size or plan.tuning)


def _found(source: str, point: int, plugins: list[str] | None) -> Comparison | None:
    """The comparison of a results folder; None where `source` is none."""
    from sim.runs.manifest import MANIFEST

    if not (Path(source) / MANIFEST).exists():
        return None
    from sim.report.from_results import comparison_of

    return comparison_of(results_in(Path(source)), point, plugins or [])


def _fitted(scenario: str, project: Scenario) -> list[str]:
    """The keys that ``intakelab fit`` took from data: those of the draws beside the scenario whose value lies within them."""
    from sim.design.point import base_value
    from sim.study.inputs import read_draws

    path = Path(scenario).with_suffix(".draws.csv")
    if not path.is_file():
        return []
    draws = read_draws(path, project)
    spread = {key: [float(draw[key]) for draw in draws] for key in draws[0]}
    return [key for key, values in spread.items() if min(values) <= float(base_value(key, project)) <= max(values)]


@contextmanager
def _steps(name: str, quiet: bool) -> Iterator[Step | None]:
    """A bar on standard error that names the step; None (say nothing) when it is no terminal, or `quiet`."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda what, done, of: bar.update(task, description=f"{name}: {what}", completed=done, total=of)
