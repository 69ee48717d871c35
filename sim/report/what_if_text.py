"""What a what-if found, in words: what moves under the policy that leads, then every policy in a table."""

from __future__ import annotations

from typing import Any

from sim.decide.what_if import WhatIf
from sim.fit.load import Load
from sim.report.grid import plain_table
from sim.report.measure_names import in_words, label, scale, unit
from sim.report.numbers import plain, three
from sim.report.phrases import filled, listed, signed


def what_if_text(found: WhatIf, width: int = 100) -> str:
    """The answer first."""
    return "\n".join([*(filled(sentence, width) for sentence in sentences(found)), "", *_table(found)])


def sentences(found: WhatIf) -> list[str]:
    """What was found, sentence by sentence."""
    metric = found.before.deciding
    (best, *_), (then, *_) = found.before.ranked(), found.after.ranked()
    gap = found.change(best, metric)
    size, limits = signed(gap, unit(metric))
    moves = listed([f"{place} at {one.after:g} instead of {one.before:g}" for place, one in found.moved.items()])
    told = f"{size} {in_words(metric)} (95%: {limits})"
    first = f"{told} under {best}" if gap.excludes_zero else f"no difference is told under {best}: {told}"
    said = [f"With {moves}: {first}."]
    said.append(f"Best on average is {best} in both." if best == then else
                f"Best on average was {best}, and is {then}.")
    if (binds := found.binds(best)) is not None:
        said.append(f"What binds first under {best}: {_load(binds[0])} as it is; {_load(binds[1])} with the change.")
    return said


def what_if_json(found: WhatIf) -> dict[str, Any]:
    """The same for programs."""
    metric = found.before.deciding
    return plain({  # type: ignore[no-any-return]
        "moved": {place: one._asdict() for place, one in found.moved.items()}, "metric": metric,
        "policies": {name: {"before": found.before.level(name, metric).mean, "after": found.after.level(name, metric).mean,
                            "change": found.change(name, metric)._asdict()} for name in found.before.ranked()},
        "binds": None if (binds := found.binds(found.before.ranked()[0])) is None else [
            {"who": one.who, "load": one.load} for one in binds]})


def _load(one: Load) -> str:
    return f"{one.who}, asked for {100.0 * one.load:.0f}% of the time there is,"


def _table(found: WhatIf) -> list[str]:
    metric = found.before.deciding
    factor = scale(metric)
    cells = [(f"{label(metric)}, {unit(metric)}", "as it is", "what if", "change, paired (95% each)")]
    for name in found.before.ranked():
        size, limits = signed(found.change(name, metric), unit(metric))
        cells.append((name, three(found.before.level(name, metric).mean * factor),
                      three(found.after.level(name, metric).mean * factor), f"{size.split()[0]} ({limits})"))
    return plain_table(cells)
