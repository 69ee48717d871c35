"""The report's pictures with what is said under them and what is read out instead of them, and how they become SVG."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report import figures
from sim.report.choice import by_mean
from sim.report.comparison_table import shown_metrics
from sim.report.measure_names import plainly, unit
from sim.report.numbers import three
from sim.report.typical import lost_day

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.report.gathered import Evidence

LOOK: Any = {
    "font.size": 10, "axes.titlesize": 10.5, "axes.labelsize": 10, "svg.fonttype": "path", "svg.hashsalt": "intakelab",
    "text.parse_math": False, "font.family": "DejaVu Sans", "hatch.linewidth": 0.7, "axes.edgecolor": "#1B1F24",
}
MOST_BARS = 12
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True)
class Picture:
    """A picture: its name (also of its file), what it shows, what is read out in its place, and who draws it."""

    name: str
    title: str
    caption: str
    alternative: str
    draw: Callable[[], Axes]

    def svg(self) -> str:
        """The picture as SVG to be put into a page: no prologue, and names that no other picture has."""
        text = self.bytes("svg").decode("utf-8")
        text = text[text.index("<svg") :]
        text = re.sub(r'\bid="([^"]+)"', rf'id="{self.name}-\1"', text)
        text = re.sub(r'href="#([^"]+)"', rf'href="#{self.name}-\1"', text)
        return re.sub(r"url\(#([^)]+)\)", rf"url(#{self.name}-\1)", text)

    def bytes(self, kind: str) -> bytes:
        """The picture as a file of this kind: svg or png."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        target = io.BytesIO()
        with rc_context(LOOK):
            figure = self.draw().get_figure(root=True)
            assert isinstance(figure, Figure)
            figure.savefig(target, format=kind, metadata=NO_METADATA if kind == "svg" else None, dpi=150, transparent=kind == "svg")
        return target.getvalue()


def pictures(evidence: Evidence) -> dict[str, Picture]:
    """All pictures by name."""
    made = [*_chances(evidence), _differences(evidence), _trade_off(evidence), _fates(evidence), _burn_ups(evidence),
            _queues(evidence), *_tornado(evidence), *_of_the_log(evidence)]
    return {picture.name: picture for picture in made}


def _of_the_log(evidence: Evidence) -> list[Picture]:
    """What was closed and will be, and how old what is open is."""
    found = evidence.forecast
    if found is None:
        return []
    from sim.report.forecast_figures import ages, fan

    made = [Picture("fan", "What was closed, and will be", f"Bands: of the futures of {found.weeks} weeks as things are done now.",
                    f"Closed requests up to now, and as a fan for {found.weeks} weeks.", lambda: fan(found))]
    if len(found.past.ages):
        made.append(Picture("ages", "How old what is open is", "Lines: the age by which so many of those that came were closed.",
                            f"{len(found.past.ages)} open requests by age.", lambda: ages(found.past)))
    return made


def highlighted(evidence: Evidence, most: int = 5) -> list[str]:
    """The policies that have a line of their own: the best, the one beside it, and the next best."""
    choice = evidence.choice
    ranked = by_mean(evidence.comparison, choice.metric, evidence.comparison.adoptable)
    return list(dict.fromkeys([choice.best, choice.rival, *ranked]))[:most]


def time_metric(evidence: Evidence) -> str:
    """What is asked of time: the delay, without deadline the day of completion, in a stream the lead time."""
    return shown_metrics(evidence.comparison)[0]


def cost_metric(evidence: Evidence) -> str:
    """What is asked of money."""
    return "cost_per_request" if evidence.is_stream else "cost"


def _chances(evidence: Evidence) -> list[Picture]:
    found, shown, terms = evidence.comparison, highlighted(evidence), evidence.scenario.project
    time, money = time_metric(evidence), cost_metric(evidence)
    deadline = terms.deadline if time == "delay" else 0.0
    budget = terms.budget if money == "cost" else 0.0
    best, rival = evidence.choice.best, evidence.choice.rival

    def read(metric: str) -> str:
        said = []
        for name in (best, rival):
            runs = figures.reached(found, name, metric)
            said.append(f"{name}: half of the simulated lives within {_value(figures.quantile(runs, 0.5))}, 85% within "
                        f"{_value(figures.quantile(runs, 0.85))}")
        return "; ".join(said)

    when = "day of completion" if time in ("delay", "finish") else f"{plainly(time)} in {unit(time)}"
    spent = f"{plainly(money)} in {unit(money)}"
    grey = "; thin grey lines are the other policies" if len(found.adoptable) > len(shown) else ""
    return [
        Picture("date", "When it is done" if not evidence.is_stream else "How long a request takes",
                f"Share of simulated lives within each {when}{grey}. P50 and P85: half, and 85 of 100.",
                f"Rising curves, {when}. {read(time)}.",
                lambda: figures.chances(found, time, shown, deadline, f"deadline, day {three(deadline)}")),
        Picture("budget", "What it costs", f"Share of simulated lives within each {spent}{grey}.",
                f"Rising curves, {spent}. {read(money)}.",
                lambda: figures.chances(found, money, shown, budget, f"budget, {three(budget)} k€")),
    ]


def _value(value: float) -> str:
    return three(value) if value < float("inf") else "never in the simulated time"


def main_metrics(evidence: Evidence) -> tuple[str, str, str]:
    """Delay, cost and innovation, or what stands for them where there is no deadline."""
    return time_metric(evidence), cost_metric(evidence), "innovation"


def _differences(evidence: Evidence) -> Picture:
    found, best = evidence.comparison, evidence.choice.best
    names = by_mean(found, evidence.choice.metric, found.adoptable)
    metrics = main_metrics(evidence)

    def draw() -> Axes:
        axes = figures.new_axes(1.5 + 0.29 * len(names), 3, 8.4)
        for ax, metric in zip(axes, metrics, strict=True):
            figures.differences(found, best, metric, names, ax)
        return axes[0]

    rival = evidence.choice.rival
    said = "; ".join(
        f"{plainly(metric)} of {rival}: {three(gap.mean)} {unit(metric)}, from {three(gap.low)} to {three(gap.high)}"
        for metric in metrics for gap in [evidence.gap(rival, metric)])
    return Picture(
        "differences", f"Difference to {best}",
        f"Each policy minus {best}, on the same customers and the same luck. Lines: intervals that hold together with 95%. "
        "Hollow: no real difference.", f"Points with intervals, three measures. {said}.", draw)


def front(evidence: Evidence) -> dict[str, bool]:
    """Whether each policy that can be adopted is on the Pareto front of time, cost and innovation."""
    import numpy as np

    from sim.stats.choosing.averages import sign_of
    from sim.stats.choosing.pareto import on_front

    found = evidence.comparison
    names = found.adoptable
    metrics = [metric for metric in main_metrics(evidence) if all(found.level(name, metric).n for name in names)]
    means = np.array([[found.level(name, metric).mean * sign_of(metric) for metric in metrics] for name in names])
    return dict(zip(names, (bool(on) for on in on_front(means)), strict=True))


def _trade_off(evidence: Evidence) -> Picture:
    found, members = evidence.comparison, front(evidence)
    x = time_metric(evidence)
    on = [name for name, is_on in members.items() if is_on]
    return Picture(
        "trade-off", "The trade-off",
        f"Mean {plainly(x)} against mean innovation, with 95% intervals; the larger the mark, the dearer. Ringed: no other "
        "policy is at least as good on average in time, cost and innovation (the Pareto front).",
        f"Scatter of {len(members)} policies. On the front: {', '.join(on)}.",
        lambda: figures.trade_off(found, members, x))


def _fates(evidence: Evidence) -> Picture:
    found, choice = evidence.comparison, evidence.choice
    names = by_mean(found, choice.metric, found.adoptable)
    said = "; ".join(
        f"{name}: {three(found.level(name, 'delivered').mean)} delivered, {three(found.level(name, 'declined').mean)} declined of "
        f"{three(found.level(name, 'requests').mean)}" for name in (choice.best, choice.rival))
    return Picture("fates", "What becomes of the requests", "Mean number of requests per simulated life, by how they ended.",
                   f"Stacked bars. {said}.", lambda: figures.fates(found, names))


def _burn_ups(evidence: Evidence) -> Picture:
    pair = evidence.pair
    lost = (lost_day(pair.rival), lost_day(pair.best))
    ends = "; ".join(
        f"{run.policy.name}: {three(run.timeline['added_scope'].iloc[-1])} person-days added to "
        f"{three(run.timeline['planned_scope'].iloc[-1])} planned, end on day {run.ledger.end:.0f}"
        for run in (pair.rival, pair.best))
    return Picture(
        "burn-up", f"Replication {pair.replication}, twice",
        "The same requests met by two policies: planned and added work, admitted (lines) and delivered (areas).", f"{ends}.",
        lambda: figures.burn_ups(pair, lost))


def _queues(evidence: Evidence) -> Picture:
    pair = evidence.pair
    most = "; ".join(f"{run.policy.name}: at most {three(run.timeline['requests_open'].max())}" for run in (pair.rival, pair.best))
    return Picture("queue", "The queue in that replication", "Requests that were admitted and not yet done.", f"Two lines. {most}.",
                   lambda: figures.queues(pair))


def _tornado(evidence: Evidence) -> list[Picture]:
    choice, levers = evidence.choice, evidence.levers
    if not levers:
        return []
    widest = f" (the {MOST_BARS} that move it most)" if len(levers) > MOST_BARS else ""
    first = "; ".join(
        f"{lever.row.key} from {three(lever.low.value)} to {three(lever.high.value)}: {three(lever.low.gap.mean)} to "
        f"{three(lever.high.gap.mean)} {unit(choice.metric)}" for lever in levers[:3])
    return [Picture(
        "tornado", "One assumption at a time",
        f"{choice.rival} minus {choice.best} in {plainly(choice.metric)}, at both ends of each range{widest}. "
        "Dashed: as the scenario has it. Circle: low end; square: high end; hollow: no longer sure; star: the answer flips.",
        f"Bars, widest first. {first}.",
        lambda: figures.tornado(levers[:MOST_BARS], evidence.base, choice.metric, choice.rival, choice.best))]
