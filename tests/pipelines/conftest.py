"""The store that holds everything, for the tests that need one."""

from tests.pipelines.full_store import full

__all__ = ["full"]
