"""Google's part in a scheduler's tick, on loopback: signs ID tokens and hands out the keys to check them by."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.servers.in_thread import serving

AUDIENCE = "https://smartalarm-watch-due-123456789012.europe-west1.run.app"
EMAIL = "smartalarm-scheduler@project.iam.gserviceaccount.com"
LIFETIME_SECONDS = 3600


class GoogleTokens:
    """Signs as Google would. `fetched` counts who asked for the keys."""

    def __init__(self) -> None:
        self.keys_url = ""
        self.fetched = 0
        self._made = 0
        self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is forgotten."""
        self._made += 1
        self._kid = f"key-{self._made}"
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def keys(self) -> dict[str, Any]:
        """The JWK set (RFC 7517)."""
        self.fetched += 1
        key: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**key, "kid": self._kid, "use": "sig", "alg": "RS256"}]}

    def sign(self, *, now: datetime, kid: str | None = None, **claims: Any) -> str:
        """A token of the scheduler's service account; `claims` replace its own, None leaves one out."""
        return self._sign(self._key, now, kid, claims)

    def forge(self, *, now: datetime) -> str:
        """The same, signed by somebody else under the same key's name."""
        return self._sign(rsa.generate_private_key(public_exponent=65537, key_size=2048), now, None, {})

    def _sign(self, key: rsa.RSAPrivateKey, now: datetime, kid: str | None, claims: dict[str, Any]) -> str:
        at = int(now.timestamp())
        content = {
            "iss": "https://accounts.google.com",
            "aud": AUDIENCE,
            "azp": "112233445566778899000",
            "sub": "112233445566778899000",
            "email": EMAIL,
            "email_verified": True,
            "iat": at,
            "exp": at + LIFETIME_SECONDS,
            **claims,
        }
        given = {name: value for name, value in content.items() if value is not None}
        return jwt.encode(given, key, algorithm="RS256", headers={"kid": kid or self._kid})


@contextmanager
def running_google_tokens() -> Iterator[GoogleTokens]:
    """Keys at an address of their own, for as long as it lasts."""
    tokens = GoogleTokens()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(tokens.keys()).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        tokens.keys_url = f"{url}/oauth2/v3/certs"
        yield tokens
