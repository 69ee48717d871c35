"""From replications to verdicts: paired effects, intervals that hold together, hypotheses, sequential precision."""
