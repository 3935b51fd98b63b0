"""What the app's pages may do in a browser, as response headers.

infra/aws/resources.yml says the same for CloudFront; a test holds the two together.
"""

from types import MappingProxyType
from typing import Final

_POLICY: Final = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "connect-src 'self' {socket}",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)

SITE_HEADERS: Final = MappingProxyType(
    {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        # A recorded night needs the microphone and motion; an alarm needs sound, a waking screen and all of it.
        "permissions-policy": "accelerometer=(self), autoplay=(self), camera=(), display-capture=(), fullscreen=(self), "
        "geolocation=(), gyroscope=(self), microphone=(self), payment=(), screen-wake-lock=(self), usb=()",
    }
)


def site_policy(socket: str) -> str:
    """The Content-Security-Policy; `socket` is the one address of sockets (wss://...), "" for none.

    'self' covers sockets of one's own host in some browsers only, so that address is named.
    """
    return "; ".join(_POLICY).replace(" {socket}", f" {socket}" if socket else "")
