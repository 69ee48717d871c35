"""One page for whoever decides: what the comparison of policies found, in words, pictures and tables."""
