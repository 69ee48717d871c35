"""Many replications: running them, comparing policies on them, saying what was found."""
