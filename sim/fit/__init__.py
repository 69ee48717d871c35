"""From a tracker's export to a scenario: what the log says, how surely, and what it cannot say."""
