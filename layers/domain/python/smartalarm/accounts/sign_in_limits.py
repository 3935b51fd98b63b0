"""Limits for signing in and registering, the only calls where guessing pays. Everything else the gateway throttles.

Counted before anything is checked, so that guesses sent side by side cannot all slip through. Addresses and accounts that
do not exist count like those that do.
"""

import ipaddress
import math
from datetime import datetime
from typing import Final

from smartalarm.errors import TooMany
from smartalarm.ports import Counters
from smartalarm.settings import Settings

WINDOW_SECONDS: Final = 15 * 60


class SignInLimits:
    """Counts tries and refuses the one too many."""

    def __init__(self, counters: Counters, settings: Settings) -> None:
        self._counters = counters
        self._settings = settings

    def count_request(self, client_address: str, *, now: datetime) -> None:
        """One sign-in or register request from an address. Raises TooMany."""
        self._hit(f"auth:address:{_network(client_address)}", self._settings.auth_requests_per_address, now)

    def count_guess(self, account: str, client_address: str, *, now: datetime) -> None:
        """One password tried for an account (its `address_key`) from an address. Raises TooMany."""
        self._hit(_guess_key(account, client_address), self._settings.auth_failures_per_account, now)

    def forgive(self, account: str, client_address: str) -> None:
        """The password fitted: forget the guesses."""
        self._counters.clear(_guess_key(account, client_address))

    def _hit(self, key: str, limit: int, now: datetime) -> None:
        count = self._counters.hit(key, WINDOW_SECONDS, now=now)
        if count.count > limit:
            wait = max(1, math.ceil((count.resets_at - now).total_seconds()))
            raise TooMany("Too many tries. Please wait a little.", retry_after_seconds=wait)


def _guess_key(account: str, client_address: str) -> str:
    return f"auth:account:{account}:{_network(client_address)}"


def _network(client_address: str) -> str:
    """What one customer has: an IPv4 address, or an IPv6 network of 64 bits, in which addresses cost nothing."""
    try:
        address = ipaddress.ip_address(client_address.partition("%")[0])
    except ValueError:
        return client_address
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
