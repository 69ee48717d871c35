"""An experiment: a question as a file, its replications in a folder, and what they say about its hypotheses."""
