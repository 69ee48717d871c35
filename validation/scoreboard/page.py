"""docs/scoreboard.md, from the predictions and what came of them."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sim.model.outcome import METRICS
from validation.scoreboard.prediction import FOLDER, Expectation, Prediction
from validation.scoreboard.score import CONFIDENCE, Score
from validation.table import markdown

SCORES = FOLDER / "scores.json"
TEMPLATE = FOLDER / "template.md"
AFTERWARDS = FOLDER.parent / "afterwards.toml"
NOT_RUN = "not run yet"
SHOWN = 10  # digits of a hash


def read_scores(path: Path = SCORES) -> dict[str, Score]:
    """What came of the predictions that were run, by name."""
    if not path.exists():
        return {}
    return {name: Score.model_validate_json(json.dumps(one)) for name, one in json.loads(path.read_text("utf-8")).items()}


def write_scores(scores: Mapping[str, Score], path: Path = SCORES) -> None:
    """Write them down, in alphabetical order."""
    content = {name: scores[name].model_dump(mode="json") for name in sorted(scores)}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_remarks(path: Path = AFTERWARDS) -> dict[str, str]:
    """What was understood after the verdicts, by prediction."""
    return {str(name): str(text) for name, text in tomllib.loads(path.read_text("utf-8")).items()}


def page(
    asked: Mapping[str, Prediction], scores: Mapping[str, Score], hashes: Mapping[str, str], remarks: Mapping[str, str]
) -> str:
    """The document: a table of all, then each with its words and numbers."""
    rows = [[f"[{name}](#{name})", one.finding, one.expected, _verdict(scores.get(name))] for name, one in asked.items()]
    return TEMPLATE.read_text("utf-8").format(
        confidence=f"{CONFIDENCE:.0%}", count=len(asked), tally=_tally(asked, scores),
        table=markdown(["", "finding", "we expected", "the model"], rows),
        each="\n\n".join(
            _section(one, scores.get(name), hashes[f"{name}.toml"], remarks.get(name, "")) for name, one in asked.items()))


def _verdict(score: Score | None) -> str:
    if score is None:
        return NOT_RUN
    return f"**{score.verdict}**" + (f" (in its first run: {score.first})" if score.first != score.verdict else "")


def _tally(asked: Mapping[str, Prediction], scores: Mapping[str, Score]) -> str:
    if not scores:
        return "None has been run yet: what follows are predictions."
    found = Counter(score.verdict for score in scores.values())
    right = sum(asked[name].expected == score.verdict for name, score in scores.items())
    return (f"Of {len(asked)} predictions {len(scores)} have been run: {found['hit']} hit, {found['miss']} missed, "
            f"{found['open']} open. What we had expected of the model came true {right} times.")


def _section(one: Prediction, score: Score | None, digest: str, remark: str) -> str:
    head = (f"### {one.name}\n\n{one.finding}\n\n"
            f"*{one.source}.* How firm: {one.firmness}.\n\n"
            f"Expected on {one.written}: **{one.expected}**. {one.because} Known before: {one.seen}")
    note = f"\n\nAmended: {one.amended}" if one.amended else ""
    foot = f"`{one.name}.toml`, hash {digest[:SHOWN]}, seed {one.seed}, {one.replications} replications"
    foot += f"; run in the world {score.world[:SHOWN]}." if score else f"; {NOT_RUN}."
    afterwards = f"Afterwards: {remark}\n\n" if remark else ""
    return f"{head}{note}\n\n{_results(one, score)}\n\n{afterwards}{foot}"


def _results(one: Prediction, score: Score | None) -> str:
    found = {(result.says, result.scenario): result for result in score.results} if score else {}
    rows = []
    for claim in one.expect:
        for scenario in claim.scenarios:
            result = found.get((claim.says, scenario))
            number = f"{result.value:.3g} ({result.low:.3g} to {result.high:.3g})" if result else ""
            rows.append([claim.says, scenario, _what(claim), _band(claim), number, result.verdict if result else NOT_RUN])
    return markdown(["what must come out", "scenario", "number", "in", "came out", ""], rows)


def _what(claim: Expectation) -> str:
    measure = claim.measure + (f" / {claim.over}" if claim.over else "")
    measure += f" > {claim.above:g}" if claim.above is not None else ""
    unit = METRICS[claim.measure].unit if claim.measure in METRICS else "1"
    if claim.statistic == "correlation":
        return f"correlation of `{measure}` and `{claim.other}`"
    said = f"`{measure}`, {claim.statistic}"
    plain = claim.statistic in ("mean", "difference") and unit != "1" and not claim.over
    said += f" in {unit}" if plain else ""
    said += f" to `{claim.other}`" if claim.other else ""
    sides = [f"{claim.policy}{_given(claim.here)}"]
    if claim.compares:
        sides.append(f"{claim.against or claim.policy}{_given(claim.there)}")
    return f"{said}: {' against '.join(sides)}" + (f", all with{_given(claim.set)}" if claim.set else "")


def _given(values: Mapping[str, object]) -> str:
    return "".join(f" {key}={value}" for key, value in values.items())


def _band(claim: Expectation) -> str:
    if claim.low is None:
        return f"below {claim.high:g}"
    return f"above {claim.low:g}" if claim.high is None else f"{claim.low:g} to {claim.high:g}"
