"""One post to an address that somebody else chose, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """A request that only waits to be sent. `host` lower case, IPv6 without brackets; `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, with the Retry-After header; or no status and why, in words that follow the host's name.

    `is_refused`: we did not even try, because the host's address is not one we open.
    """

    status: int | None
    retry_after: str | None = None
    problem: str = ""
    is_refused: bool = False
