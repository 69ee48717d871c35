"""What is typed and printed: each command's words, apart from what it computes."""
