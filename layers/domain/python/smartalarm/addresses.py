"""Which network addresses somebody else may make us open: public ones, and what the operator listed by name."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

# From IANA's special-purpose registries (2026), spelled out because `is_global` differs between Python's patch releases.
# What is not listed here and lies in IPv4 or in 2000::/3 is global unicast.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; some clouds keep their metadata there
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own host agent, although the address is a global one
        "169.254.0.0/16",  # link-local, most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, given up
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # IETF protocol assignments: Teredo, ORCHID and others
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "3fff::/20",  # documentation
    )
)
_GLOBAL_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052; how a network without IPv4 reaches all IPv4 servers

_HOST = r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?"
_ENTRY = re.compile(rf"({_HOST}|\[[0-9a-f:.]+\])(?::([1-9][0-9]{{0,4}}))?")
MAX_PORT = 65_535


def is_public(address: str) -> bool:
    """Whether the numeric address is global unicast, so that reaching it reaches nothing of ours."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.scope_id is not None:
            return False
        if parsed in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
        if parsed not in _GLOBAL_UNICAST_V6:
            return False
    return not any(parsed in network for network in _NOT_PUBLIC if network.version == parsed.version)


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts that the operator trusts whatever their address: (host, port), or (host, None) for all of its ports."""

    entries: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> "AllowedHosts":
        """From "host", "host:port", "[v6]" or "[v6]:port". Raises ValueError naming the entry that is none of these."""
        return cls(frozenset(_to_entry(text) for text in texts if text.strip()))

    def allows(self, host: str, port: int) -> bool:
        """Whether exactly this host (lower case, IPv6 without brackets) is listed, with this port or without one."""
        return (host, port) in self.entries or (host, None) in self.entries


def to_ipv6(text: str) -> str:
    """The usual spelling of an IPv6 address. Raises ValueError without showing the text."""
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        raise ValueError("no IPv6 address") from None


def _to_entry(text: str) -> tuple[str, int | None]:
    problem = f"{text.strip()!r} is neither host nor host:port"
    match = _ENTRY.fullmatch(text.strip().lower())
    if match is None or int(match[2] or 1) > MAX_PORT:
        raise ValueError(problem)
    host, port = match[1], int(match[2]) if match[2] else None
    try:
        return (to_ipv6(host[1:-1]) if host.startswith("[") else host), port
    except ValueError:
        raise ValueError(problem) from None
