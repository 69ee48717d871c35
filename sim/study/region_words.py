"""A region of the factors' space in words: ``request_rate < 0.3 and appetite > 0.6, or where drift < 0.001``."""

from __future__ import annotations

import math

from sim.stats.regions.region import Places, Region, Restriction


def region_words(places: Places, region: Region) -> str:
    """A region as a part of a sentence; limits are said where they are shortest to write between two design points."""
    boxes = [" and ".join(_limit(places, limit) for limit in box.restrictions) or "everywhere" for box in region.boxes]
    return ", or where ".join(boxes)


def _limit(places: Places, limit: Restriction) -> str:
    name, column, levels = _name(places, limit.factor), places.x[:, limit.factor], places.levels[limit.factor]
    inside = (column >= limit.low) & (column <= limit.high)
    if levels:
        return f"{name} is {' or '.join(str(levels[int(at)]) for at in sorted(set(column[inside])))}"
    low = roundest(column[column < limit.low].max(), column[inside].min()) if (column < limit.low).any() else None
    high = roundest(column[inside].max(), column[column > limit.high].min()) if (column > limit.high).any() else None
    if low is None:
        return f"{name} < {high:g}"
    return f"{name} > {low:g}" if high is None else f"{low:g} < {name} < {high:g}"


def _name(places: Places, factor: int) -> str:
    """The last part of the key, or the whole key where that would be ambiguous."""
    key = places.factors[factor]
    short = key.rpartition(".")[2]
    return short if sum(other.rpartition(".")[2] == short for other in places.factors) == 1 else key


def roundest(below: float, above: float) -> float:
    """The number between two others that is shortest to write; of these the one next to their middle.

    Examples
    --------
    >>> roundest(0.287, 0.312), roundest(-1.4, 3.1), roundest(10.0, 20.0), roundest(1234.0, 1260.0)
    (0.3, 0.0, 15.0, 1250.0)
    """
    middle = (below + above) / 2.0
    if below < 0.0 < above:
        return 0.0
    exponent = math.floor(math.log10(max(abs(below), abs(above))))
    for places in range(-exponent, -exponent + 17):
        near = round(middle, places)
        if below < near < above:
            return near
    return middle
