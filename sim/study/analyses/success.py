"""Two ideas of success: do on-time and cost rank the policies as the wider set of measures does?"""

from __future__ import annotations

from sim.stats.choosing.ranking import success_measures
from sim.study.analyses.analysis import Analysis, Search


def success(asked: bool, search: Search) -> None:
    """Where the two rankings part, and how sure that is."""
    parts = []
    for name, rows in search.by_scenario():
        seen = success_measures(rows, policies=search.adoptable)
        parts.append((name, seen.table))
        same = "the same policy comes first" if seen.winners[0] == seen.winners[1] else (
            f"{seen.winners[0]} comes first by on-time and cost, {seen.winners[1]} by the wider set")
        search.sentences.append(
            f"{name}: {same}; the two have no first policy in common in {100 * seen.differ:.0f}% of resamples; rank "
            f"agreement (Kendall's tau) {seen.tau:.2f} [{seen.tau_low:.2f}, {seen.tau_high:.2f}].")
    search.add("success", parts)


SUCCESS = Analysis(
    key="success", meaning="do on-time/on-budget and the wider set of measures rank alike?", asks=bool, find=success, place=3,
    example=True,
    default=False)
