"""Places that a visitor takes for as long as something costs the server: so many for all, and fewer for each,
so that no visitor takes them all.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from ipaddress import IPv6Address, ip_address
from threading import Lock

from starlette.requests import Request


def visitor(request: Request) -> str:
    """Who asks, as far as the address tells.

    In IPv6 one house has a whole network of addresses, and counts as one visitor.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return host


class Full(Exception):
    """No place is free. is_own: the visitor has all that one may have, whatever others have."""

    def __init__(self, is_own: bool) -> None:
        super().__init__()
        self.is_own = is_own


class Slots:
    """So many places for all, and at most `each` for one visitor."""

    def __init__(self, most: int, each: int) -> None:
        self.most, self.each = most, each
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    @property
    def taken(self) -> int:
        """How many places are taken."""
        with self._lock:
            return self._taken.total()

    def take(self, who: str) -> Callable[[], None]:
        """Take a place. Gives what gives it back, which may be called more than once. Raises Full."""
        with self._lock:
            if self._taken[who] >= self.each:
                raise Full(is_own=True)
            if self._taken.total() >= self.most:
                raise Full(is_own=False)
            self._taken[who] += 1
        given_back = ExitStack()
        given_back.callback(self._give_back, who)
        return given_back.close

    def _give_back(self, who: str) -> None:
        with self._lock:
            self._taken[who] -= 1
            self._taken = +self._taken
