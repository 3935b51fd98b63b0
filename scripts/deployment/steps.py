"""What deploying to Google and to Oracle shares: steps that can be chosen, and what of this shell's environment travels."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from scripts.deployment.commands import CommandFailed

# Settings that a deployment hands on to its functions where they are set.
_PASSED_ON = (
    *("API_BASE_URL", "CORS_ORIGINS", "LOG_LEVEL", "ML_DATA_RETENTION_DAYS", "ML_ENABLED", "PUSH_ALLOWED_HOSTS"),
    *("VAPID_PUBLIC_KEY", "VAPID_SUBJECT"),
)
OPTIONAL_SECRETS = frozenset({"METRICS_TOKEN"})


def passed_on() -> dict[str, str]:
    """Settings of this shell's environment that the functions get as they are."""
    return {name: os.environ[name] for name in _PASSED_ON if os.environ.get(name)}


def parse_steps(parser: argparse.ArgumentParser, steps: Sequence[str]) -> argparse.Namespace:
    """The command line, with `dry_run` and the `steps` that are wanted, in their order; all where none is named."""
    parser.add_argument("--dry-run", action="store_true", help="show the commands, run none")
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"of {', '.join(steps)}; default: all, in this order")
    given = parser.parse_args()
    if wrong := set(given.steps) - set(steps):
        parser.error(f"no such step: {', '.join(sorted(wrong))}")
    given.steps = [step for step in steps if step in (given.steps or steps)]
    return given


def run_steps(make: Callable[[], object], steps: Sequence[str]) -> int:
    """Run these methods of the deployment that `make` gives; 0, or 1 after the line that says what failed."""
    try:
        deployment = make()
        for step in steps:
            print(f"# {step}", flush=True)
            act: Callable[[], None] = getattr(deployment, step)
            act()
    except CommandFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0
