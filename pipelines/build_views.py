"""The views that SQL files read and no SQL file gives: they are made from declarations. Pure."""

from functools import lru_cache

from pipelines import double_counting, row_outcomes


@lru_cache(maxsize=1)
def generated_views() -> dict[str, str]:
    """Name → select."""
    return row_outcomes.generated_views() | {"counted_choices": double_counting.counted_choices()}
