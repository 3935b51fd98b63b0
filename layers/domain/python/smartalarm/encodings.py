"""Packed request bodies: gzip or none, unpacked up to the limit that all bodies have.

Two ways say so: `Content-Encoding: gzip` (RFC 9110, 8.4) beside the type of what is packed, or the type `application/gzip`
(RFC 6713) for packed JSON. A gateway that takes JSON for text, as AWS's HTTP API does, may hand on what is packed under
that name as UTF-8, which it is not; under the second name every gateway carries it whole.
"""

import zlib
from dataclasses import replace
from typing import Final

from smartalarm.errors import Malformed, TooLarge, UnsupportedMedia
from smartalarm.http import MAX_BODY_BYTES, Request

_HEADER: Final = "content-encoding"
_GZIP: Final = frozenset({"gzip", "x-gzip"})  # RFC 9110, 8.4.1.3: the second is another name of the first
_GZIP_WINDOW: Final = 31  # zlib's way to say: with gzip's own head and sum


def unpacked(request: Request) -> Request:
    """The request with its body as it was before it was packed, and without the header that says so.

    Raises UnsupportedMedia for another coding than gzip, Malformed for what is no gzip or is cut off, and TooLarge as soon
    as more than MAX_BODY_BYTES have come out: however much is packed into a few bytes, no more of it is unpacked.
    """
    coding = request.headers.get(_HEADER, "").strip().lower()
    if request.body and coding in {"", "identity"} and _is_file(request):
        return replace(request, headers={**request.headers, "content-type": "application/json"}, body=_gunzip(request.body))
    if not request.body or coding in {"", "identity"}:
        return request
    if coding not in _GZIP:
        raise UnsupportedMedia("Send the body packed with gzip, or as it is.", headers={"accept-encoding": "gzip"})
    headers = {name: value for name, value in request.headers.items() if name != _HEADER}
    return replace(request, headers=headers, body=_gunzip(request.body))


def _is_file(request: Request) -> bool:
    return request.headers.get("content-type", "").split(";")[0].strip().lower() == "application/gzip"


def _gunzip(packed: bytes) -> bytes:
    """One gzip file may hold several parts, one after the other (RFC 1952, 2.2)."""
    plain, rest = bytearray(), packed
    while rest:
        part = zlib.decompressobj(_GZIP_WINDOW)
        try:
            plain += part.decompress(rest, MAX_BODY_BYTES + 1 - len(plain))
        except zlib.error:
            raise Malformed("The body is not gzip.") from None
        if len(plain) > MAX_BODY_BYTES:
            raise TooLarge(f"The body may have at most {MAX_BODY_BYTES} bytes, also when it is unpacked.")
        if not part.eof:
            raise Malformed("The packed body is cut off.")
        rest = part.unused_data
    return bytes(plain)
