"""The command line: parses, calls, prints; decides nothing.

Nothing heavy is imported before a command needs it: the help must be there at once.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import experiment_commands, fit_command, report_command
from sim.cli.failures import complain, guarded
from sim.cli.options import (
    MOST_REPLICATIONS,
    JsonFlag,
    Plugins,
    Policies,
    Quiet,
    ScenarioName,
    Seed,
    Settings,
    Workers,
    is_experiment_file,
    policy_of,
    scenario_of,
)
from sim.cli.output import show, width
from sim.errors import IntakeLabError

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.compare import Comparison
    from sim.study.inputs import Doubt

EXAMPLES = """\b
Examples
  intakelab compare                                   all policies on the built-in AI project
  intakelab compare calm-water --replications 200     where accepting everything does well
  intakelab compare --policy always-accept --policy change-board:days=20 --set customer.request_rate=0.5
  intakelab compare xit-after --json > xit.json       for other programs
  intakelab explain classroom --policy always-accept --policy co-evaluated --replication 3
  intakelab run customer-is-king --quick              a question with hypotheses, and its verdicts
  intakelab fit tracker.csv --team developer=4 --out my-project.toml
  intakelab report my-project.toml --out decision.html
  intakelab new my-project.toml && intakelab check my-project.toml && intakelab compare my-project.toml
"""

app = typer.Typer(
    help="What does each way of answering customer requests do to delay, cost and innovation?", epilog=EXAMPLES,
    invoke_without_command=True, add_completion=False, rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]})

def _version(wanted: bool) -> None:
    if wanted:
        from sim.version import __version__

        print(f"intakelab {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command(epilog="""\b
Examples
  intakelab compare
  intakelab compare my-project.toml --replications 400 --out results/mine
  intakelab compare --policy always-accept --policy docs/examples/my-board.toml --reference always-accept --wide
""")
def compare(
    scenario: ScenarioName = "ai-project",
    policy: Policies = None,
    reference: Annotated[str | None, typer.Option(
        metavar="NAME", help="Differences are taken to this policy.  [default: co-evaluated, or the first]")] = None,
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
    wide: Annotated[bool, typer.Option("--wide", help="All metrics, each with its differences.")] = False,
    input_uncertainty: Annotated[bool, typer.Option(
        "--input-uncertainty", help="Of a fitted scenario: how much of what is not known is its inputs.")] = False,
    quiet: Quiet = False,
) -> None:
    """Compare policies on the same customers.

    Each replication is one life of the project; all policies meet the same customers and the same luck in it.
    """
    if json_ and csv:
        raise IntakeLabError("--json and --csv are two kinds of output; choose one")
    from sim.cli.progress import progress_bar
    from sim.report.export import prepare_folder, write_comparison
    from sim.runs.processes import executor_for
    from sim.runs.runner import Interrupted
    from sim.study.compare import compare as compare_policies

    project = scenario_of(scenario, set_)
    draws = _draws(scenario, project) if input_uncertainty else []
    chosen = [policy_of(text, plugin) for text in policy] if policy else None
    if out is not None:
        prepare_folder(out)
    given = _given(scenario, set_, seed)
    texts = {made.name: text for made, text in zip(chosen or [], policy or [], strict=True)}

    def reproduce(name: str, replication: int) -> str:
        told = ["--policy", texts.get(name, name), "--replication", str(replication)]
        return shlex.join(["intakelab", "explain", *given, *told])

    interrupted = False
    try:
        bar = progress_bar(replications, f"{project.name}: replications", quiet)
        with executor_for(workers) as executor, bar as progress:
            found = compare_policies(
                project, chosen, reference=reference, replications=replications, seed=seed, executor=executor,
                progress=progress, reproduce=reproduce)
    except Interrupted as stop:
        if stop.kept is None:
            complain("interrupted; no replication was done yet")
            raise typer.Exit(130) from None
        found, interrupted = stop.kept, True

    doubts = _doubts(found, draws, workers, quiet) if draws else []
    _print_comparison(found, json_, csv, wide, doubts, len(draws))
    if out is not None:
        typed = ["intakelab", "compare", *given, *(part for text in policy or [] for part in ("--policy", text)),
                 *(["--reference", reference] if reference else []), "--replications", str(replications)]  # fmt: skip
        written = write_comparison(out, found, command=shlex.join(typed), scenario_text=_text_of(scenario))
        if not quiet:
            print(f"written: {', '.join(str(path) for path in written)}", file=sys.stderr)
    if not (json_ or csv or quiet):
        show("\nNext: " + _next(found, given, texts))
    for _, failure in found.failures.head(5).iterrows():
        complain(f"failed in stage {failure['stage']}: {failure['error']}; to see it: {failure['command']}")
    if interrupted:
        complain(f"interrupted; kept {found.replications} of {replications} replications")
        raise typer.Exit(130)
    if len(found.failures):
        complain(f"{len(found.failures)} of {len(found.failures) + len(found.frame)} runs failed")
        raise typer.Exit(1)


@app.command(epilog="""\b
Examples
  intakelab explain classroom --policy co-evaluated --replication 3
  intakelab explain classroom --policy always-accept --policy co-evaluated --replication 3 --request 7
""")
def explain(
    scenario: ScenarioName = "classroom",
    policy: Policies = None,
    replication: Annotated[int, typer.Option("--replication", "-r", min=0, max=MOST_REPLICATIONS, help="Which one.")] = 0,
    request: Annotated[int | None, typer.Option(min=0, help="Only this request.")] = None,
    seed: Seed = 1,
    set_: Settings = None,
    plugin: Plugins = None,
    experiment: Annotated[str | None, typer.Option(
        metavar="EXPERIMENT", help="Scenario, policies and seed of this experiment instead.")] = None,
    point: Annotated[int, typer.Option(min=0, help="With --experiment: at which design point.")] = 0,
) -> None:
    """Tell one replication, request by request.

    What arrived, what was seen, which rule fired, and what became of it, against the hidden truth. With two policies, the
    same request stands side by side (default: always-accept and co-evaluated).
    """
    from sim.report.explain import log_text
    from sim.runs.simulate import simulate

    if policy and len(policy) > 2:
        raise IntakeLabError(f"explain shows one policy or two side by side, not {len(policy)}")
    if experiment is None:
        project = scenario_of(scenario, set_)
        chosen = [policy_of(text, plugin) for text in policy or ["always-accept", "co-evaluated"]]
    else:
        from sim.study.plan import plan_from
        from sim.study.plugin import load_plugins

        project, chosen, seed = plan_from(experiment, load_plugins(plugin or [])).chosen(point, policy or [])
    runs = [simulate(project, made, seed=seed, replication=replication) for made in chosen]
    show(log_text(runs, width(), request))


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="A scenario, a policy or an experiment.")], plugin: Plugins = None,
) -> None:
    """Say what is wrong with a file.

    Or, where nothing is, what it describes.
    """
    from sim.policies.policy_file import is_policy_file, load_policy
    from sim.report.describe import describe_plan, describe_policy, describe_scenario

    if is_policy_file(Path(file)):
        show(f"{file}: fine. " + describe_policy(load_policy(file)))
        show("Next: " + shlex.join(["intakelab", "compare", "--policy", file, "--policy", "co-evaluated"]))
    elif is_experiment_file(Path(file)):
        from sim.study.plan import plan_from
        from sim.study.plugin import load_plugins

        show(f"{file}: fine. " + describe_plan(plan_from(file, load_plugins(plugin or []))))
        show("Next: " + shlex.join(["intakelab", "run", file, "--quick"]))
    else:
        show(f"{file}: fine. " + describe_scenario(scenario_of(file, None)))
        show("Next: " + shlex.join(["intakelab", "compare", file]))


@app.command()
def new(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")]) -> None:
    """Write a commented scenario to start from."""
    from sim.scenario.template import new_scenario_text

    try:
        with open(file, "x", encoding="utf-8") as target:
            target.write(new_scenario_text(file.stem or "my-project"))
    except FileExistsError:
        raise IntakeLabError(f"{file}: exists already; intakelab new overwrites nothing") from None
    except (OSError, ValueError) as error:
        raise IntakeLabError(f"{file}: cannot be written ({getattr(error, 'strerror', None) or error})") from None
    show(f"{file}: written; put in your own numbers.\nNext: " + shlex.join(["intakelab", "check", str(file)]))


@app.command()
def metrics() -> None:
    """List every measure: its unit, which way is better, and what it is."""
    from sim.report.listing import metrics_text

    show(metrics_text(width()))


@app.command()
def experiments() -> None:
    """List the built-in experiments."""
    from sim.report.listing import experiments_text

    show(experiments_text(width()) + "\n\nNext: intakelab run customer-is-king --quick")


@app.command()
def scenarios() -> None:
    """List the built-in scenarios."""
    from sim.report.listing import scenarios_text

    show(scenarios_text(width()) + "\n\nNext: intakelab compare classroom")


@app.command()
def policies(json_: JsonFlag = False) -> None:
    """List the built-in policies and their parts."""
    from sim.report.listing import policies_json, policies_text

    if json_:
        print(json.dumps(policies_json(), indent=2, ensure_ascii=False))
    else:
        show(policies_text(width()) + "\n\nNext: intakelab compare --policy always-accept --policy co-evaluated:days=10")


@app.command()
def schema(
    of: Annotated[str, typer.Argument(metavar="scenario|experiment|policy", help="Of which kind of file.")] = "scenario",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file.")] = None,
) -> None:
    """Print the JSON Schema of a scenario, an experiment or a policy file.

    For editors that complete and check TOML.
    """
    from sim.cli.schemas import schema_of

    text = json.dumps(schema_of(of), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        print(text, end="")
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise IntakeLabError(f"{out}: cannot be written ({error.strerror or error})") from None
    show(f"{out}: written. First line of a file beside it: #:schema ./{out.name}")


@app.command()
def assumptions(
    scenario: Annotated[str | None, typer.Argument(help="With the values of this scenario.")] = None,
    set_: Settings = None,
    json_: JsonFlag = False,
) -> None:
    """List every assumption with its source.

    And with unit, range, off value, and how far it can be trusted.
    """
    from sim.report.assumptions_text import assumptions_json, assumptions_text

    if set_ and scenario is None:
        raise IntakeLabError("--set changes a scenario; name one: intakelab assumptions ai-project --set KEY=VALUE")
    project = scenario_of(scenario, set_) if scenario is not None else None
    if json_:
        print(json.dumps(assumptions_json(project), indent=2, ensure_ascii=False, default=list))
    else:
        show(assumptions_text(width(), project))


experiment_commands.register(app)
fit_command.register(app)
report_command.register(app)


# --- small print ---


def _given(scenario: str, settings: list[str] | None, seed: int) -> list[str]:
    """What every command on the same luck has to repeat."""
    return [scenario, *(part for text in settings or [] for part in ("--set", text)), "--seed", str(seed)]


def _text_of(scenario: str) -> str:
    from sim.scenario.find import find_scenario

    return find_scenario(scenario).read_text(encoding="utf-8-sig")


def _draws(scenario: str, project: Scenario) -> list[dict[str, Any]]:
    from sim.report.doubts_text import draws_beside
    from sim.study.inputs import DRAWS, read_draws

    return read_draws(draws_beside(scenario), project)[:DRAWS]


def _doubts(found: Comparison, draws: list[dict[str, Any]], workers: int | None, quiet: bool) -> list[Doubt]:
    from sim.cli.progress import progress_bar
    from sim.report.comparison_table import shown_metrics
    from sim.runs.processes import executor_for
    from sim.study.inputs import REPLICATIONS, doubts

    bar = progress_bar(len(draws) * REPLICATIONS, f"{found.scenario.name}: draws of inputs", quiet)
    with executor_for(workers) as executor, bar as progress:
        return doubts(found.scenario, draws, found.policies, found.reference, shown_metrics(found)[:4], seed=found.seed,
                      executor=executor, progress=progress)  # fmt: skip


def _print_comparison(found: Comparison, json_: bool, csv: bool, wide: bool, doubts: list[Doubt], draws: int) -> None:
    if json_:
        from sim.report.doubts_text import doubts_json
        from sim.report.export import as_json

        told = as_json(found) | ({"input_uncertainty": doubts_json(doubts)} if doubts else {})
        print(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))
    elif csv:
        found.summary.to_csv(sys.stdout)
    else:
        show(found.text(width(), wide))
        if doubts:
            from sim.report.doubts_text import doubts_text
            from sim.study.inputs import REPLICATIONS

            show("\n" + doubts_text(doubts, found.reference, draws, REPLICATIONS, width()))


def _next(found: Comparison, given: list[str], texts: dict[str, str]) -> str:
    """The same luck, one replication in words, under the two policies that differ most in the table."""
    pair = [found.reference, *(name for name in reversed(found.ranked()) if name != found.reference)][:2]
    named = [part for name in reversed(pair) for part in ("--policy", texts.get(name, name))]
    return shlex.join(["intakelab", "explain", *given, *named, "--replication", "0"])


def main() -> None:
    """The command ``intakelab``."""
    sys.exit(guarded(lambda: app(standalone_mode=False, prog_name="intakelab")))

