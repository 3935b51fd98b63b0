"""Drives the product on a cloud of this machine by its tests, and says how long that took."""

import subprocess
import sys
import time

from scripts.installing import ROOT


def drive(*arguments: str) -> int:
    """Run pytest on what the arguments name; its exit code."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "--durations=3", *arguments]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"{'Driven' if code == 0 else 'Failed'} in {time.monotonic() - begun:.0f} s.")
    return code
