"""The best policy, with a stated probability of being right (procedure KN)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from sim.design.design import Names, choice
from sim.model.outcome import METRICS
from sim.scenario.assumption import Name
from sim.stats.choosing.allocation import ocba_shares
from sim.stats.choosing.selection import Selection
from sim.study.analyses.analysis import Analysis, Question, Search

if TYPE_CHECKING:
    import pandas as pd


class SelectTable(Question):
    """Selection of the best policy with a stated probability of being right (procedure KN)."""

    indifference: float = Field(gt=0, description="smallest difference of means worth telling apart, in the metric's unit")
    confidence: float = choice(0.95, "probability of a right selection", "1", 0.5, 0.9999)
    scenario: Name | None = Field(default=None, description="in which scenario; none: the first")

    def scenarios(self) -> Names:
        return () if self.scenario is None else (self.scenario,)


def selected(asked: Sequence[SelectTable], search: Search) -> None:
    """One row a selection."""
    import pandas as pd

    rows = []
    for one in asked:
        scenario = one.scenario or next(iter(search.plan.scenarios))
        rows.append({"scenario": scenario, **_select(one, search.frame[search.frame["scenario"] == scenario], search)})
    search.tables["selection"] = pd.DataFrame(rows)


def _select(asked: SelectTable, rows: pd.DataFrame, search: Search) -> dict[str, object]:
    """KN on the replications that are there; without enough of them nothing is promised, and that is said."""
    better, policies = METRICS[asked.metric].better, search.adoptable
    table = rows.groupby(["replication", "policy"])[asked.metric].mean().unstack()[policies].dropna()  # noqa: PD010
    at = 0

    def more(names: tuple[str, ...], n: int) -> pd.DataFrame:
        nonlocal at
        at += n
        return table.iloc[at - n : at][list(names)]

    first = min(20, len(table))
    done = Selection(better, asked.indifference, asked.confidence, first=first, budget=len(table)).run(policies, more)  # type: ignore[arg-type]
    shares = ocba_shares(table.mean().to_numpy(), np.asarray(table.std(ddof=1)), better)  # type: ignore[arg-type]
    sure = (f"with probability {asked.confidence:g} of being right where it is better by {asked.indifference:g}" if done.guaranteed
            else f"but {len(table)} replications are too few for a guarantee")
    left = ", ".join(done.stages[-1].survivors)
    search.sentences.append(f"Best in {asked.metric}: {done.policy}, {sure}; still in the race: {left}.")
    return {
        "metric": asked.metric, "indifference": asked.indifference, "confidence": asked.confidence, "selected": done.policy,
        "guaranteed": done.guaranteed, "survivors": left, "replications": len(table),
        "next_replications_to": policies[int(shares.argmax())] if math.isfinite(float(shares.max())) else ""}


SELECT = Analysis(
    key="select", meaning="selections of the best", asks=tuple[SelectTable, ...], find=selected, place=5,
    example=({"metric": "net_benefit", "indifference": 5.0},))
