"""Names of measures for a reader who has never heard of simulation."""

from __future__ import annotations

from sim.report.numbers import label

NAMES = {
    "net_benefit": "net benefit", "on_time": "the share done by the deadline", "lead_time_delivered": "lead time",
    "finish": "the day of completion", "benefit_declined": "good requests refused or lost", "customer_hours": "customer's time",
    "decision_latency": "time to an answer", "cost_per_request": "cost per delivered request", "scope_growth": "added work",
}  # fmt: skip


def metric_name(metric: str) -> str:
    """A measure in a sentence."""
    return NAMES.get(metric, label(metric))
