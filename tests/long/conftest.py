"""The long journeys stand on the same server and browser as the short ones."""

import shutil
from pathlib import Path

import pytest

from tests.browser.conftest import another, browser, on_a_phone, server, visitor
from tests.long.staff_page import people, provider, staff_server, staff_store

__all__ = [
    "another",
    "browser",
    "on_a_phone",
    "people",
    "provider",
    "server",
    "staff_server",
    "staff_store",
    "visitor",
]


@pytest.fixture
def no_draft(staff_store: Path) -> None:
    """No draft of another test is offered to whoever signs in."""
    shutil.rmtree(staff_store / "drafts", ignore_errors=True)
