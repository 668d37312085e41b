"""A reader's own SQL: what it may ask, in which process it runs, within which limits."""
