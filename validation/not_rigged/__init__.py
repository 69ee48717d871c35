"""docs/not-rigged.md: what each policy is worth against the dullest rivals, and what its lead hangs on."""
