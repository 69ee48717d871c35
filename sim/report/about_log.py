"""What is known of the log behind a fitted scenario: its warnings, its forecast, and how sure its values are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import FitError
from sim.report.gathered import About
from sim.study.inputs import DRAWS, read_draws

if TYPE_CHECKING:
    from sim.scenario import Scenario

BEWARE = "# Beware: "
NOT_FITTED = ("There is no log behind this scenario, so no date can be told for what is open: intakelab fit makes one from an "
              "export.")


def about_of(source: str, scenario: Scenario, seed: int, most: int = DRAWS) -> About:
    """What a scenario file says of its log, and what lies beside it (at most so many draws); nothing of what was not fitted."""
    path = Path(source)
    if path.suffix != ".toml" or not path.is_file():
        return About(no_forecast=NOT_FITTED)
    from sim.decide.forecast import forecast
    from sim.fit.kept_log import log_beside

    draws = path.with_suffix(".draws.csv")
    warnings = warnings_in(path.read_text(encoding="utf-8"))
    known = tuple(read_draws(draws, scenario)[:most]) if draws.is_file() else ()
    try:
        return About(forecast(log_beside(path), seed=seed), "", warnings, known)
    except FitError as error:
        said = NOT_FITTED if not warnings and not known else f"No date can be told: {error}"
        return About(None, said, warnings, known)


def warnings_in(text: str) -> tuple[str, ...]:
    """The warnings that a fit has written above a scenario.

    Examples
    --------
    >>> warnings_in("# Beware: the rate drifts,\\n# and that is all\\n# Beware: few rows\\n\\nname = 'x'")
    ('the rate drifts, and that is all', 'few rows')
    """
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith(BEWARE):
            found.append(line.removeprefix(BEWARE))
        elif found and line.startswith("# "):
            found[-1] += " " + line.removeprefix("# ")
        elif found:
            break
    return tuple(found)
