"""CloudFront's own header: how an HTTP API knows that a call came through its front door and not around it.

A function is given the header's SHA-256, which gives nothing away: the value has 256 random bits. So the check needs no
secret, no call and no permission (docs/adr/0008-front-door.md).
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256

from smartalarm.errors import Forbidden

HEADER = "x-origin-verify"


def check_front_door(headers: dict[str, str], digests: Iterable[str]) -> bool:
    """Whether the call came through CloudFront; False where there is no such check, because `digests` is empty.

    `headers` are by lower-case name; the header is taken out of them. More than one digest: while a new value reaches
    every edge, the old one still opens. Raises Forbidden.
    """
    value = headers.pop(HEADER, "")
    known = tuple(digests)
    if not known:
        return False
    given = sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    if not any(hmac.compare_digest(given, digest) for digest in known):
        raise Forbidden("This address is not open to the public; use the site's own.", code="not_the_front_door")
    return True
