"""Which address counts as the client's."""

import pytest

from smartalarm.hosts.proxies import client_address

PROXY = "10.0.0.9"


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "trusted", "expected"),
    [
        ("203.0.113.5", "", (), "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", (), "203.0.113.5"),
        (PROXY, "198.51.100.1", (PROXY,), "198.51.100.1"),
        (PROXY, "6.6.6.6, 198.51.100.1", (PROXY,), "198.51.100.1"),
        (PROXY, "6.6.6.6, 198.51.100.1, 10.0.0.7", ("10.0.0.0/8",), "198.51.100.1"),
        (PROXY, "10.0.0.1, 10.0.0.2", ("10.0.0.0/8",), "10.0.0.1"),
        (PROXY, "", (PROXY,), PROXY),
        (PROXY, "198.51.100.1, garbage", (PROXY,), PROXY),
        (PROXY, "198.51.100.1:4711", (PROXY,), "198.51.100.1"),
        (PROXY, "[2001:db8::1]:443", (PROXY,), "2001:db8::1"),
        ("::ffff:10.0.0.9", "198.51.100.1", (PROXY,), "198.51.100.1"),
        ("2001:db8:1::9", "2001:db8:2::1", ("2001:db8:1::/48",), "2001:db8:2::1"),
        ("oci-gateway", "198.51.100.1", ("oci-gateway",), "198.51.100.1"),
        ("oci-gateway", "198.51.100.1", (), "oci-gateway"),
        ("unknown", "198.51.100.1", ("10.0.0.0/8", "not an address"), "unknown"),
    ],
)
def test_only_a_trusted_hop_vouches_for_the_one_before_it(
    peer: str, forwarded_for: str, trusted: tuple[str, ...], expected: str
) -> None:
    """From us outwards, as far as the chain of trusted proxies reaches; what a client wrote itself is never reached."""
    assert client_address(peer, forwarded_for, trusted) == expected
