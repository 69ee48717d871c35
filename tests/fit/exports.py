"""Exports for tests: a simulated run written as Jira would write it, and small tables made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim import Scenario, simulate
from sim.fit.answers import Lists
from sim.fit.clean import Log, clean
from sim.fit.columns import parse_map, recognise
from sim.fit.fit import Fit, fit_log
from sim.fit.read import read_export
from sim.runs.simulate import Run

HADOOP = Path(__file__).parents[2] / "docs/examples/hadoop.csv"
MONDAY = pd.Timestamp("2020-01-06")
TEAM = {"developer": 4}


def stream(**values: float) -> Scenario:
    """A stream without planned scope whose rate is what it says (no appetite)."""
    base = {"project.planned_items": 0, "project.deadline": 0.0, "project.horizon": 520.0, "customer.appetite": 0.0,
            "customer.request_rate": 1.5, "customer.burstiness": 2.0, "customer.effort_median": 0.4, "customer.effort_sigma": 1.1,
            "team.complexity": 0.0}
    return Scenario(name="truth").with_values(base | {key.replace("__", "."): value for key, value in values.items()})


def jira_table(run: Run) -> pd.DataFrame:
    """The requests of a run as a Jira export: five working days are a calendar week, effort in seconds."""
    requests = run.requests
    requests = requests[requests["arrived"] < run.scenario.project.horizon]
    fate = requests["fate"]
    done = (fate == "delivered") & requests["left"].notna()
    closed = requests["left"].notna()
    return pd.DataFrame({
        "Issue key": [f"T-{number}" for number in requests.index],
        "Status": np.where(closed, "Closed", "Open"),
        "Resolution": np.where(done, "Fixed", np.where(closed, "Won't Fix", "")),
        "Created": _written(requests["arrived"]), "Resolved": _written(requests["left"]),
        "Original Estimate": _seconds(requests["estimate"]), "Time Spent": np.where(done, _seconds(requests["effort"]), ""),
    })


def _written(days: pd.Series) -> list[str]:
    return ["" if np.isnan(day) else (MONDAY + pd.Timedelta(days=day * 7 / 5)).strftime("%d/%b/%y %H:%M:%S") for day in days]


def _seconds(days: pd.Series) -> np.ndarray:
    return (days * 8 * 3600).round(1).astype(str).to_numpy()


def simulated_export(path: Path, seed: int, policy: str = "always-accept", **values: float) -> Path:
    jira_table(simulate(stream(**values), policy, seed=seed, logged=False)).to_csv(path, index=False)
    return path


def made(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def weekly(n: int = 60, lasting: float = 3.3, start: str = "2023-01-02 09:00") -> pd.DataFrame:
    """A plain log: a request every two days and a bit, closed some days later."""
    created = pd.Timestamp(start) + pd.to_timedelta(np.arange(n) * 2.13, unit="D")
    resolved = created + pd.to_timedelta(lasting * (1 + np.arange(n) % 7), unit="D")
    return pd.DataFrame({"Issue key": [f"A-{i}" for i in range(n)], "Status": "Closed", "Resolution": "Fixed",
                         "Created": created.strftime("%Y-%m-%d %H:%M"), "Resolved": resolved.strftime("%Y-%m-%d %H:%M")})


def log_of(source: Path | pd.DataFrame, path: Path | None = None, *mapping: str, day_first: bool | None = None,
           accepted: Sequence[str] = (), rejected: Sequence[str] = (), empty: Sequence[str] = ()) -> Log:
    if isinstance(source, pd.DataFrame):
        assert path is not None
        source.to_csv(path, index=False)
        source = path
    export = read_export(source, empty)
    columns = recognise(export.table.columns, parse_map(mapping), export.name)
    return clean(export, columns, Lists(accepted, rejected, columns.tracker), day_first=day_first)


def fitted_to(source: Path | pd.DataFrame, path: Path | None = None, *mapping: str, draws: int = 60, seed: int = 1) -> Fit:
    return fit_log(log_of(source, path, *mapping), TEAM, draws=draws, seed=seed)
