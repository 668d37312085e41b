"""The long journeys stand on the same server and browser as the short ones."""

from tests.browser.conftest import another, browser, on_a_phone, server, visitor

__all__ = ["another", "browser", "on_a_phone", "server", "visitor"]
