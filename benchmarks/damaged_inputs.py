"""Ten thousand damaged inputs, each given to a command that reads it: what becomes of them?

    python benchmarks/damaged_inputs.py                 # 10,000 inputs, about an hour on two cores
    python benchmarks/damaged_inputs.py 200 --seed 7    # fewer
    python benchmarks/damaged_inputs.py --only 4711     # one of them again

Demanded of each: the exit code is 0, 1, 2 or 130; an error is a message and no traceback; nothing is called a defect of
IntakeLab; no warning of a library and no escape byte reaches the terminal; nothing takes 20 s of the processor or 1 GB. A study
that is lawful but long is interrupted as by Ctrl-C after 10 s, and has to end then. The same seed gives the same inputs; each
that is not as demanded is kept in a folder, with its command.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import re
import resource
import shlex
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, from anywhere

from benchmarks import damage
from benchmarks.damage import ANY, TEXT, Damage

CODES = (0, 1, 2, 130)
MOST_SECONDS, MOST_MEGABYTES = 20.0, 1000.0
MOST_READ = 5_000_000  # characters of what is printed
STOPPED_AFTER = 10.0  # seconds of the processor
HANGS_AFTER = 90.0  # seconds by the clock, on a machine that others use too
ADDRESSES = 12_000_000_000  # bytes that a worker may ask for
RENEWED_AFTER = 250  # inputs: what Python keeps of earlier ones must not be counted
ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = (sys.prefix, sys.base_prefix, str(ROOT))

SMALL = 'name = "small"\n[project]\nplanned_items = 10\ndeadline = 30.0\nhorizon = 120.0\n'
EXPERIMENT = """\
name = "tiny"
question = "Does accepting everything take longer?"
scenarios = ["small.toml"]
policies = ["always-accept", "hurried", "change-board", "board.toml"]
reference = "board"
metrics = ["delay", "cost", "satisfaction"]
seed = 7

[policy.hurried]
base = "co-evaluated"
promise.basis = "wish"

[design]
DESIGN

[precision]
replications = 10
quick = 2
budget = 20

[precision.half_width]
delay = 5.0

[[hypotheses]]
name = "later"
statement = "always-accept finishes later"
metric = "delay"
kind = "greater"
policy = "always-accept"
against = "board"
smallest_effect = 1.0
"""
FACTORS = """
[[factors]]
key = "customer.request_rate"
low = 0.2
high = 1.2

[[factors]]
key = "policy.change-board.days"
low = 5.0
high = 20.0
"""
DESIGNS = {
    "sweep": 'kind = "sweep"\n' + FACTORS.replace("low = 0.2\nhigh = 1.2", "levels = [0.2, 1.2]").replace(
        "low = 5.0\nhigh = 20.0", "levels = [5.0, 20.0]"),
    "latin": 'kind = "latin"\nsamples = 3\n' + FACTORS, "morris": 'kind = "morris"\nsamples = 2\n' + FACTORS,
    "saltelli": 'kind = "saltelli"\nsamples = 2\n' + FACTORS, "table": 'kind = "table"\ntable = "points.csv"\n',
}
POINTS = "label,customer.request_rate,customer.appetite,policies\nlow,0.2,0.1,always-accept;board\nhigh,1.2,,\n"
MINE = """\
import sim
from sim.policies.parts import EXPERTS


class Small(sim.Policy):
    def decide(self, estimate, project):
        return sim.accept("small") if estimate.effort < 2 else sim.decline("not small")


mine = Small(name="mine", evaluators=EXPERTS)
"""
FEW = ["--workers", "1", "--quiet"]
TWO = ["-p", "always-accept", "-p", "change-board"]


class Kind(NamedTuple):
    """What is damaged, how, and who reads it; a command whose name ends with ``+`` may be stopped as by Ctrl-C."""

    files: Sequence[str]
    ways: Sequence[Damage]
    commands: Sequence[Sequence[str]]
    weight: int = 1


RUN = ["run+", "FILE", "--quick", "--out", "out", *FEW]
FIT = ["fit", "FILE", "--team", "developer=2,tester=1", "--draws", "20", "-n", "1", "--out", "fitted-now.toml"]
TINY = "results/tiny"
AGAIN = ["run+", "sweep.toml", "--quick", "--out", TINY, *FEW]
KEPT = [["results", TINY], ["results", "results"], ["verify+", TINY, "--sample", "1"], ["stress", TINY], AGAIN,
        [*AGAIN, "--retry-failed"], ["results", TINY, "--sql", "SELECT count(*), max(delay) FROM runs, points"]]
KINDS = {
    "scenario": Kind(["small.toml", "whole.toml"], TEXT, [
        ["check", "FILE"], ["compare", "FILE", "-n", "1", *TWO, *FEW], ["explain", "FILE", "-p", "co-evaluated"],
        ["assumptions", "FILE"]], 5),
    "scenario, limits": Kind(["small.toml"], [damage.at_its_limits], [
        ["compare", "FILE", "-n", "1", *TWO, *FEW],
        ["compare", "FILE", "-n", "1", "-p", "value-ranked", "-p", "co-evaluated", *FEW],
        ["explain", "FILE", "-p", "co-evaluated"]], 4),
    "experiment": Kind([f"{design}.toml" for design in DESIGNS], TEXT, [["check", "FILE"], RUN, RUN], 5),
    "policy": Kind(["board.toml"], TEXT, [
        ["check", "FILE"], ["compare", "small.toml", "-n", "1", "-p", "FILE", "-p", "always-accept", *FEW]], 4),
    "--set": Kind(["texts/set"], TEXT, [["compare", "small.toml", "-n", "1", *TWO, *FEW, "--set", "TEXT"],
                                        ["assumptions", "small.toml", "--set", "TEXT"]], 3),
    "-p": Kind(["texts/policy"], TEXT, [["compare", "small.toml", "-n", "1", "-p", "TEXT", "-p", "always-accept", *FEW],
                                        ["explain", "small.toml", "-p", "TEXT"]], 3),
    "--map and --team": Kind(["texts/fit"], TEXT, [
        ["fit", "x.csv", "--team", "developer=2", "--draws", "20", "-n", "0", "--map", "TEXT"],
        ["fit", "x.csv", "--team", "TEXT", "--draws", "20", "-n", "1", "--out", "NEW"],
        ["fit", "x.csv", "--team", "developer=2", "--draws", "20", "-n", "0", "--accepted", "TEXT", "--rejected", "TEXT"]]),
    "--sql": Kind(["texts/sql"], TEXT, [["results+", TINY, "--sql", "TEXT"], ["results+", TINY, "--sql", "TEXT", "--csv"]], 2),
    "names and numbers": Kind(["texts/word"], TEXT, [
        ["TEXT"], ["check", "TEXT"], ["compare", "TEXT", "-n", "1", *FEW], ["run+", "TEXT", *FEW, "-n", "2", "--out", "out"],
        ["explain", "small.toml", "--request", "TEXT"], ["explain", "--experiment", "sweep.toml", "--point", "TEXT"],
        ["compare", "small.toml", "-n", "1", "--seed", "TEXT", *FEW], ["new", "NEW"], ["schema", "TEXT"], ["results", "TEXT"],
        ["compare", "small.toml", "-n", "1", *TWO, *FEW, "--reference", "TEXT"], ["verify", "TEXT"],
        ["compare", "small.toml", "-n", "1", *TWO, *FEW, "--out", "NEW"], ["stress", TINY, "--out", "NEW"],
        ["fit", "TEXT", "--team", "developer=2"], ["compare", "small.toml", "-n", "1", *FEW, "--plugin", "TEXT"],
        ["report+", TINY, "--point", "TEXT", "--per-end", "2", *FEW]], 3),
    "design table": Kind(["points.csv"], TEXT, [
        ["check", "table.toml"], ["run+", "table.toml", "--quick", "--out", "out", *FEW]], 2),
    "draws of inputs": Kind(["fitted.draws.csv"], TEXT, [
        ["compare+", "fitted.toml", "-n", "1", *TWO, *FEW, "--input-uncertainty", "--set", "project.horizon=80"]]),
    "plugin": Kind(["mine.py"], ANY, [["compare", "small.toml", "-n", "1", "--plugin", "./mine.py", "-p", "mine", *FEW]]),
    "export, CSV": Kind(["x.csv", "semicolons.csv"], TEXT, [FIT], 3),
    "export, JSON": Kind(["x.json", "x.jsonl"], [*TEXT, damage.json_changed, damage.json_changed], [FIT], 3),
    "export, Excel": Kind(["x.xlsx"], [*ANY, *[damage.part_changed] * 8], [FIT], 3),
    "export, Parquet": Kind(["x.parquet"], [*ANY, *[damage.parquet_changed] * 4], [FIT], 3),
    "manifest": Kind([f"{TINY}/manifest.json"], [*TEXT, *[damage.json_changed] * 12], KEPT, 5),
    "verdicts": Kind([f"{TINY}/verdicts.json"], [*TEXT, *[damage.json_changed] * 8], [
        ["results", TINY], ["results", "results"], AGAIN]),
    "lock": Kind([f"{TINY}/lock"], [*TEXT, *[damage.json_changed] * 8], [AGAIN, ["results", TINY]]),
    "design points": Kind([f"{TINY}/points.parquet"], [*ANY, *[damage.parquet_changed] * 4], KEPT, 2),
    "part": Kind([f"{TINY}/parts/0"], [*ANY, *[damage.parquet_changed] * 2], KEPT, 3),
    "folder": Kind([f"{TINY}/parts", TINY, "results", f"{TINY}/set-aside", f"{TINY}/parts/0", f"{TINY}/report.txt"], [], KEPT),
}
TEXTS = {
    "set": ["customer.request_rate=0.5", "team.roles.developer.headcount=4", "customer.profile=[[0, 1.0], [60, 2.0]]",
            'title="a"', "project.deadline=40.0", "team.workflow.0.share=1.0"],
    "policy": ["change-board:days=20", "capacity-limit:k=3", "co-evaluated", "budget-limit:share=0.2", "board.toml",
               "value-ranked:k=6,patience=40.0"],
    "fit": ["created=Created", "effort_seconds=Time Spent", "developer=4,tester=2", "outcome=Resolution", "Fixed,Done"],
    "sql": ["SELECT policy, avg(delay) FROM runs GROUP BY policy", "SELECT * FROM points", "FROM failures", "SHOW TABLES",
            "SELECT * FROM 'small.toml'", "COPY runs TO 'x.csv'", "ATTACH 'x.db'", "CREATE TABLE x (a INT)", "INSTALL httpfs",
            "SELECT * FROM glob('../*')", "SELECT 1; SELECT 2", "SELECT * FROM frame", "SELECT repeat('x', 1000) FROM range(10)"],
    "word": ["small.toml", "sweep.toml", "0", "1", "3", "small", "customer-is-king", "always-accept", "results/tiny", "new.toml",
             "results", "board.toml", "x.csv", "scenario"],
}


class Beginning(io.StringIO):
    """Of what is printed the beginning: a terminal holds no gigabytes either."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, MOST_READ - self.tell())])
        return len(text)


class Trial(NamedTuple):
    """What fixes the inputs, where the good ones are, and where those with a fault are kept."""

    seed: int
    kinds: Sequence[str]
    good: Path
    keep: Path


class Found(NamedTuple):
    """What became of one command."""

    at: int
    kind: str
    way: str
    command: str
    code: int | None
    seconds: float
    megabytes: float
    fault: str
    said: str


def prepare(folder: Path) -> None:
    """Good inputs of every kind, the same each time."""
    (folder / "texts").mkdir(parents=True)
    with contextlib.chdir(folder):
        Path("small.toml").write_text(SMALL)
        shutil.copy(Path(__file__).parents[1] / "docs/examples/my-board.toml", "board.toml")
        Path("board.toml").write_text(Path("board.toml").read_text().replace("my-board", "board"))
        for name, design in DESIGNS.items():
            Path(f"{name}.toml").write_text(EXPERIMENT.replace("DESIGN", design))
        Path("points.csv").write_text(POINTS)
        Path("mine.py").write_text(MINE)
        for name, texts in TEXTS.items():
            Path("texts", name).write_text("\n".join(texts))
        table = damage.good_export()
        table.to_csv("x.csv", index=False)
        table.to_csv("semicolons.csv", index=False, sep=";")
        table.to_json("x.json", orient="records")
        table.to_json("x.jsonl", orient="records", lines=True)
        table.to_excel("x.xlsx", index=False)
        table.to_parquet("x.parquet")
        for words in (["new", "whole.toml"], [*FIT[:1], "x.csv", *FIT[2:-1], "fitted.toml"],
                      ["run", "sweep.toml", "--quick", "--out", TINY, *FEW]):
            code, out, err = typed(words)
            assert code == 0, (words, code, out, err)
        _settle(Path(TINY, "manifest.json"))
        Path("texts/parts").write_text("\n".join(sorted(map(str, Path(TINY, "parts").iterdir()))))


def check_good(trial: Trial) -> None:
    """Each command takes its good inputs: otherwise damage would only ever be refused for what is wrong anyway."""
    for name, kind in KINDS.items():
        for file in kind.files[:1] if name == "folder" else kind.files:
            for words in kind.commands:
                with tempfile.TemporaryDirectory() as place:
                    folder = shutil.copytree(trial.good, Path(place, "in"))
                    if file.startswith("texts/") and file not in ("texts/set", "texts/policy"):
                        continue  # words of many kinds, of which each command takes some
                    text = (folder / file).read_text().splitlines()[0] if file.startswith("texts/") else ""
                    filled = [text if word == "TEXT" else file if word == "FILE" else word.removesuffix("+") for word in words]
                    with contextlib.chdir(folder):
                        code, _, err = typed(filled)
                    assert code == 0, (filled, err)


def _settle(manifest: Path) -> None:
    """Times of day and lengths of work are not the same each time."""
    found = json.loads(manifest.read_text())
    found["created"] = "2026-01-01T00:00:00+00:00"
    for session in found["sessions"]:
        session |= {"started": found["created"], "ended": found["created"], "seconds": 1.0, "command": "run", "platform": "x"}
    manifest.write_text(json.dumps(found, indent=2))


def typed(words: Sequence[str]) -> tuple[int, str, str]:
    """Exit code and what was printed, as somebody who types it in this folder gets it."""
    from sim.cli import app
    from sim.cli.failures import guarded

    out, err = Beginning(), Beginning()
    modules, path = set(sys.modules), list(sys.path)
    sys.argv = ["intakelab", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
            warnings.simplefilter("always")
            code = guarded(lambda: app([*words], standalone_mode=False, prog_name="intakelab"))
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if not str(getattr(sys.modules[name], "__file__", None) or sys.prefix).startswith(LIBRARIES):
                del sys.modules[name]  # a plugin, of which the next one is another
    return code, out.getvalue(), err.getvalue()


def damaged(at: int, trial: Trial, folder: Path) -> tuple[str, str, list[str]]:
    """Make input number `at` in a copy of the good ones; its kind, how it was damaged, and the command that reads it."""
    rng = Random(f"{trial.seed}/{at}")
    name = rng.choices(trial.kinds, [KINDS[name].weight for name in trial.kinds])[0]
    kind = KINDS[name]
    shutil.copytree(trial.good, folder, symlinks=True)
    file, command = rng.choice(kind.files), list(rng.choice(kind.commands))
    if file.endswith("/0"):
        file = rng.choice((trial.good / "texts/parts").read_text().split())
    path = folder / file
    text = file.startswith("texts/")
    if not text and (not kind.ways or rng.random() < 0.12):
        way = damage.in_place_of(rng, path)
    else:
        good = rng.choice(path.read_bytes().split(b"\n")) if text else path.read_bytes()
        chosen = rng.choice(kind.ways)
        way, bad = chosen.__name__, chosen(rng, good)
        if rng.random() < 0.15:
            second = rng.choice(kind.ways)
            way, bad = f"{way}, {second.__name__}", second(rng, bad)
        path.write_bytes(bad)
    said = path.read_bytes()[:20_000].replace(b"\0", b"").decode("utf-8", "surrogateescape") if text else ""
    words = {"TEXT": said, "FILE": file, "NEW": re.sub(r"[/\\]|\.\.", "-", said)}  # nothing is ever written elsewhere
    return name, way, [words.get(word, word) for word in command]


def examined(at: int, trial: Trial) -> Found:
    """Make an input, give it to its command in this process, and keep it where it is not as demanded."""
    place = Path(tempfile.mkdtemp(prefix="intakelab-damaged-"))
    try:
        folder = place / "in"
        name, way, words = damaged(at, trial, folder)
        stops = words[0].endswith("+")
        words[0] = words[0].rstrip("+")
        command = shlex.join(["intakelab", *words])
        with contextlib.chdir(folder), _interrupted(STOPPED_AFTER if stops else None):
            _forget_peak()
            start = time.process_time()
            try:
                code, out, err = typed(words)
                escaped = ""
            except BaseException as error:  # whatever passed the guard of the command line
                code, out, err, escaped = None, "", "", f"{type(error).__name__}: {error}"
            seconds, megabytes = time.process_time() - start, _peak()
        fault = escaped or fault_of(code, out, err, seconds, megabytes)
        said = (err.strip().splitlines() or out.strip().splitlines() or [""])[0]
        if fault:
            kept = trial.keep / f"{at}"
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(folder, kept / "in", symlinks=True, ignore=_odd_files)
            (kept / "command.txt").write_text(f"{command}\n{fault}\n{err[-3000:]}", errors="replace")
        return Found(at, name, way, command[:300], code, seconds, megabytes, fault, said[:300])
    finally:
        shutil.rmtree(place, ignore_errors=True)


def fault_of(code: int | None, out: str, err: str, seconds: float, megabytes: float) -> str:
    """What is not as demanded; nothing where all is."""
    both = out + err
    if "defect of IntakeLab" in both:
        return "a defect: " + next(line for line in err.splitlines() if "unexpected" in line)[:200]
    if "Traceback (most recent call last)" in both:
        return "a traceback"
    if code not in CODES:
        return f"exit code {code}"
    if code in (1, 2) and not err.strip():
        return f"exit code {code} without a word"
    if "\x1b" in both:
        return "an escape byte is printed"
    if found := re.search(r"\w*Warning: .*", err):
        return f"a library warns: {found[0][:200]}"
    if seconds > MOST_SECONDS:
        return f"takes {seconds:.0f} s"
    if megabytes > MOST_MEGABYTES:
        return f"takes {megabytes:.0f} MB"
    return ""


@contextlib.contextmanager
def _interrupted(after: float | None) -> Iterator[None]:
    """Ctrl-C after so many seconds of the processor."""
    signal.signal(signal.SIGPROF, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_PROF, after or 0.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1000.0 if found else 0.0


def _odd_files(folder: str, names: list[str]) -> list[str]:
    """Pipes and sparse files cannot be kept by copying them."""
    paths = [Path(folder, name) for name in names]
    return [path.name for path in paths if not path.is_symlink() and (path.is_fifo() or path.stat().st_size > 1e9)]


def work(numbers: Sequence[int], trial: Trial, said: Connection) -> None:
    """What a worker process does: one input after the other, each announced, so that a death or a hang has a number."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    for at in numbers:
        said.send(at)
        said.send(examined(at, trial))


def watched(numbers: Sequence[int], trial: Trial, tell: Callable[[Found], None]) -> None:
    """Have inputs examined by a process of their own; one that dies or hangs is a finding, and the next goes on."""
    left = list(numbers)
    while left:
        here, there = multiprocessing.Pipe(duplex=False)
        now = left[:RENEWED_AFTER]
        process = multiprocessing.get_context("spawn").Process(target=work, args=(now, trial, there), daemon=True)
        process.start()
        there.close()
        try:
            while left and left[0] <= now[-1]:
                if not here.poll(HANGS_AFTER):
                    raise TimeoutError
                if isinstance(message := here.recv(), Found):
                    tell(message)
                    left.pop(0)
        except (EOFError, TimeoutError) as stop:
            process.kill()
            process.join()
            fault = "hangs" if isinstance(stop, TimeoutError) else f"its process died ({process.exitcode})"
            name, way, words = _kept(left[0], trial)
            tell(Found(left.pop(0), name, way, shlex.join(words)[:300], None, HANGS_AFTER, 0.0, fault, ""))
        process.join(10)


def _kept(at: int, trial: Trial) -> tuple[str, str, list[str]]:
    kept = trial.keep / str(at)
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    name, way, words = damaged(at, trial, kept / "in")
    (kept / "command.txt").write_text(shlex.join(["intakelab", *words]), errors="replace")
    return name, way, words


def table(found: Sequence[Found]) -> str:
    """Counts by kind, and the slowest and the largest of each."""
    heads = ("inputs", "fine", "refused", "failed", "stopped", "faults", "most s", "most MB")
    lines = [f"{'damaged':<18}" + "".join(f"{head:>9}" for head in heads)]
    for name in [*KINDS, "all"]:
        rows = [one for one in found if name in (one.kind, "all")]
        if rows:
            codes = [sum(one.code == code for one in rows) for code in (0, 2, 1, 130)]
            counts = [len(rows), *codes, sum(bool(one.fault) for one in rows)]
            most = f"{max(one.seconds for one in rows):>9.1f}{max(one.megabytes for one in rows):>9.0f}"
            lines.append(f"{name:<18}" + "".join(f"{count:>9}" for count in counts) + most)
    return "\n".join(lines)


def main() -> int:
    """Examine, print, and say by the exit code whether all was as demanded."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("inputs", type=int, nargs="?", default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--kind", action="append", choices=list(KINDS), help="only these; repeat for more")
    options.add_argument("--first", type=int, default=0, help="the number of the first")
    options.add_argument("--only", type=int, help="one input again, in this process, with all that it says")
    options.add_argument("--workers", type=int, default=os.cpu_count())
    options.add_argument("--keep", type=Path, default=Path("damaged-inputs"), help="where those with a fault are kept")
    given = options.parse_args()
    found: list[Found] = []

    def tell(one: Found) -> None:
        found.append(one)
        if one.fault:
            print(f"{one.at}  {one.kind} ({one.way}): {one.fault}\n    {one.command}", flush=True)
        elif len(found) % 500 == 0:
            print(f"{len(found)} examined", flush=True)

    with tempfile.TemporaryDirectory(prefix="intakelab-good-") as good:
        trial = Trial(given.seed, given.kind or list(KINDS), Path(good, "in"), given.keep.resolve())
        prepare(trial.good)
        check_good(trial)
        if given.only is not None:
            tell(examined(given.only, trial))
            print(found[0])
        else:
            numbers = range(given.first, given.first + given.inputs)
            shares = [numbers[at :: given.workers] for at in range(given.workers)]
            with ThreadPoolExecutor(given.workers) as pool:
                for done in [pool.submit(watched, share, trial, tell) for share in shares]:
                    done.result()
    faults = sum(bool(one.fault) for one in found)
    print(f"{table(found)}\n\nSeed {given.seed}: {len(found)} damaged inputs, {faults} not as demanded; the slowest took "
          f"{max(one.seconds for one in found):.1f} s, the largest {max(one.megabytes for one in found):.0f} MB.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
