"""Whose address counts as the client's: only what a hop that we trust vouches for."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address


def client_address(peer: str, forwarded_for: str, trusted: Iterable[str]) -> str:
    """The address of the first hop, counted from us, that is not a trusted proxy.

    `peer` is who is connected to us (an address, or a platform's own name such as `oci-gateway`), `forwarded_for` the
    text of X-Forwarded-For, `trusted` addresses, networks (`10.0.0.0/8`) or platform names. Each trusted hop vouches for the
    one that it appended, the last one first; what a client wrote itself lies further left and is never reached.
    """
    known = tuple(trusted)
    hops = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    current = peer
    while hops and is_trusted(current, known):
        appended = _parsed(hops.pop())
        if appended is None:
            break
        current = str(appended)
    return current


def is_trusted(hop: str, trusted: Iterable[str]) -> bool:
    """Whether the hop, an address or a platform's name, is among the trusted addresses, networks and names."""
    address = _parsed(hop)
    return any(hop == entry or (address is not None and _contains(entry, address)) for entry in trusted)


def _contains(network: str, address: Address) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        return False  # a platform's name


def _parsed(hop: str) -> Address | None:
    """An address as proxies write it: plain, `[v6]`, `[v6]:port` or `v4:port`; v4 mapped into v6 counts as v4."""
    text = hop.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
