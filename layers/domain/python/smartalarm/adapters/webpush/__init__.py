"""Web Push: encryption (RFC 8291), our signature (RFC 8292) and posting to push services (RFC 8030)."""

from smartalarm.adapters.webpush.keys import generate_vapid_keys
from smartalarm.adapters.webpush.push import WebPushService

__all__ = ["WebPushService", "generate_vapid_keys"]
