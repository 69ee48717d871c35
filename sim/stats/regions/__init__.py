"""Over a region of assumptions: what moves the answer, where it flips, and how to say where in words."""
