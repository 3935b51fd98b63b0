"""Print a token that starts one scheduled job over HTTP until it ends; for Oracle's scheduler, or any cron.

    JWT_SECRET_KEY=... .venv/bin/python scripts/tick_token.py watch_due --days 30
    curl --fail --max-time 120 -X POST -H "x-tick-token: $TOKEN" https://<gateway>/ticks/watch_due

Rotation: print a new one before the old one ends; both are valid meanwhile. Each starts its job and nothing else.
"""

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from smartalarm.adapters.tokens import JwtSigner
from smartalarm.catalog import load_functions
from smartalarm.function import ScheduleFunction
from smartalarm.hosts.ticks import sign_tick
from smartalarm.wiring import SettingsError, settings_from

MOST_DAYS = 400


def main() -> int:
    """0 when a token was printed; its end goes to standard error."""
    jobs = sorted(declaration.name for declaration in load_functions() if isinstance(declaration, ScheduleFunction))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=jobs)
    parser.add_argument("--days", type=int, default=90, help="how long it is valid (default: %(default)s)")
    given = parser.parse_args()
    if not 1 <= given.days <= MOST_DAYS:
        parser.error(f"--days: 1 to {MOST_DAYS}")
    try:
        settings, _ = settings_from(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    secret = settings.jwt_secret_key.get_secret_value()
    if not secret:
        print("JWT_SECRET_KEY: is not set; it must be the deployment's own.", file=sys.stderr)
        return 2
    now = datetime.now(UTC)
    lifetime = timedelta(days=given.days)
    signer = JwtSigner(secret, settings.jwt_issuer, settings.jwt_audience)
    print(sign_tick(given.job, signer, now=now, lifetime_seconds=int(lifetime.total_seconds())))
    print(f"Valid until {now + lifetime:%Y-%m-%d %H:%M} UTC, for {given.job} alone.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
