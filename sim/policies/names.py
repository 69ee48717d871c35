"""The names of the built-in policies, in the order in which they are shown (nothing is imported to know them)."""

POLICY_NAMES: tuple[str, ...] = (
    "always-accept", "capacity-limit", "change-budget", "frozen-scope", "gatekeeper", "expert-veto", "change-board",
    "value-ranked", "prototype-first", "fast-lane", "co-evaluated", "co-evaluated-ai", "placebo", "clairvoyant",
)  # fmt: skip
