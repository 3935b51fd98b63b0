"""Google's or Oracle's functions runtime on this machine, with a real PostgreSQL, a gateway, and a cron for the scheduler.

drive   build for the cloud, run it, and drive it by the product's shared tests and the cloud's own
up      build, run it, start a push receiver, print the URLs and stay until Ctrl+C
"""

import argparse
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.e2e.product.function_deployment import deployed_functions
from tests.servers.instances import Cloud
from tests.servers.postgres import PostgresMissing
from tests.servers.push_service import running_push_service

REPO = Path(__file__).resolve().parent.parent
DRIVE = ["-m", "pytest", "-q", "--durations=3", "tests/e2e/product", "tests/e2e/test_function_clouds.py", "-k"]


def main() -> int:
    """0 when all went well; 1 after what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cloud", choices=["gcp", "oci"])
    parser.add_argument("what", choices=["drive", "up"], nargs="?", default="drive")
    given = parser.parse_args()
    if given.what == "drive":
        started_at = time.monotonic()
        code = subprocess.run([sys.executable, *DRIVE, given.cloud], cwd=REPO, check=False).returncode
        print(f"{'Driven' if code == 0 else 'Failed'} in {time.monotonic() - started_at:.0f} s.")
        return code
    try:
        stay_up(given.cloud)
    except PostgresMissing as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe cloud has stopped; nothing of it is kept.")
    return 0


def stay_up(cloud: Cloud) -> None:
    """Run it, print where everything is, and wait for Ctrl+C."""
    with running_push_service() as push, deployed_functions(cloud, push) as deployment:
        print(f"Smart Alarm runs on {cloud}'s runtime. Ctrl+C stops it.\n  API   {deployment.api_url}/api/v1/docs")
        print(f"  push  {push.url} (tests/servers/push_service.py says how to subscribe there)")
        print("A function starts with its first call, so that one takes a second or two.", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
