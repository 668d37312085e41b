"""The journal: what happened, by whom. `from pipelines import journal` is all that the rest of the code needs of it."""

from pipelines.journal.sqlite import Event, append, broken_links, current_release, events, read

__all__ = ["Event", "append", "broken_links", "current_release", "events", "read"]
