"""The ledger: every experiment of a folder with its verdicts, as one page, written from results and never by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path

from sim.errors import ExperimentError
from sim.report.verdict_table import HEAD, cells
from sim.runs.manifest import Manifest
from sim.study.conduct import conduct
from sim.study.plan import Plan, plan_from
from sim.study.run_plan import HowMany, Tell, folder_of
from sim.study.verdict import Verdict
from sim.study.verdicts_file import Answer
from sim.toml.harmless import code, markdown

INTRO = """# Experiments

Each file is one question: claims that can fail, with the region where they should fail, declared before the first
replication. This page is written from the results by `{command}`; nothing on it is typed by hand. What follows from it, in
plain words: [claims.md](../docs/claims.md). How to read it, and how to write your own: [studies.md](../docs/studies.md).

**supported**: the whole interval is beyond the smallest effect of interest. **contradicted**: an effect as claimed is ruled
out. **equivalent**: too small to matter either way. **inconclusive**: neither. Effects are paired differences (same customers,
same luck) with the 95% interval of each alone; verdicts are read off wider intervals, so that all verdicts of one experiment
hold together with 95% (Holm). "Better in": share of single replications in which the policy does better, ties counted half.
Satisfaction, trust and innovation have no measured magnitudes: read their signs, not their sizes.
"""


def conduct_all(
    folder: Path, under: Path, executor: Executor | None, how_many: HowMany, *, where: str, command: str,
    progress: Callable[[str], AbstractContextManager[Tell | None]],
) -> Iterator[tuple[str, str]]:
    """Run the experiments of a folder one after the other; yields each one's name and a line about it."""
    for path in experiment_files(folder):
        plan = plan_from(path)
        with progress(plan.experiment.name) as tell:
            found = conduct(plan, folder_of(plan, under), executor, how_many, where=where, command=command, source=str(path),
                            tell=tell)
        yield plan.experiment.name, _tally(found.verdicts) or "no hypotheses"


def experiment_files(folder: Path) -> list[Path]:
    """The experiments of a folder, in the order of their names.

    Raises
    ------
    ExperimentError
        Where there is none.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise ExperimentError(f"{folder}: has no experiments (*.toml)")
    return files


def write_ledger(folder: Path, under: Path, target: Path, command: str) -> None:
    """Write the page.

    Raises
    ------
    ExperimentError
        Where an experiment has no results yet.
    """
    rows, sections, seconds = ["| experiment | question | verdicts | time |", "|---|---|---|---|"], [], 0.0
    for path in experiment_files(folder):
        plan = plan_from(path)
        name, where = plan.experiment.name, folder_of(plan, under)
        found = Answer.read(where)
        if found is None:
            raise ExperimentError(f"{path}: has no results in {under} that came to their end; run it first")
        manifest = Manifest.read(where)
        question, tally = markdown(plan.experiment.question), _tally(found.verdicts)
        rows.append(f"| [{name}](#{name}) | {question} | {tally} | {_clock(manifest)} |")
        sections.append(_section(plan, path, found, manifest))
        seconds += _seconds(manifest)
    text = "\n".join([INTRO.format(command=command), *rows, f"\nIn all {seconds / 60:.0f} minutes.", "", *sections])
    target.write_text(text.rstrip() + "\n", encoding="utf-8")


def _tally(verdicts: Iterable[Verdict]) -> str:
    return ", ".join(f"{n} {ruling}" for ruling, n in Counter(verdict.ruling for verdict in verdicts).items())


def _section(plan: Plan, path: Path, found: Answer, manifest: Manifest) -> str:
    lines = [
        f"## {plan.experiment.name}", "", f"**{markdown(found.question)}** {markdown(plan.experiment.expectation)}".strip(), "",
        f"`intakelab run experiments/{path.name}` · design {found.design}, {found.points} design points, "
        f"{found.replications} replications each, {len(found.policies)} policies on {', '.join(found.scenarios)} · "
        f"seed {found.seed} · {found.runs:,} runs, {_clock(manifest)}, {found.failures} failed · "
        f"file {found.experiment_digest[:12]}, "
        f"model {manifest.origin.model[:12]}",
    ]
    if found.verdicts:
        lines += ["", f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|", *map(_row, found.verdicts)]
    if found.exploratory or found.notes:
        lines += ["", "Exploratory:", "", *(f"- {markdown(text)}" for text in found.exploratory),
                  *(f"- not shown: {markdown(text)}" for text in found.notes)]
    return "\n".join([*lines, ""])


def _row(verdict: Verdict) -> str:
    where = "*boundary:* " if verdict.about == "boundary" else ""
    ruling = f"**{verdict.ruling}**" if verdict.ruling != "inconclusive" else "inconclusive"
    claim = f"{code(verdict.hypothesis)} {where}{markdown(verdict.statement)} *({markdown(verdict.compared)})*"
    effect, *rest = cells(verdict)
    return f"| {' | '.join([claim, ruling, markdown(effect), *rest])} |"


def _seconds(manifest: Manifest) -> float:
    """Time that the sessions took in which something was run; one that was killed has none."""
    return sum(session.seconds or 0.0 for session in manifest.sessions if session.replications)


def _clock(manifest: Manifest) -> str:
    seconds = _seconds(manifest)
    where = dict.fromkeys(session.executor for session in manifest.sessions)
    took = f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"
    return f"{took} on {', '.join(where)}"
