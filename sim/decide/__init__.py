"""From a scenario to a decision: dates from the log, policies tuned, what it is worth to know, what-ifs."""
