"""Google's or Oracle's functions runtime on this machine, with a real PostgreSQL, a gateway, and a cron for the scheduler.

drive   build for the cloud, run it, and drive it by the product's shared tests and the cloud's own
up      build, run it, start a push receiver, print the URLs and stay until Ctrl+C
"""

import argparse
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.driving import drive
from tests.e2e.product.function_deployment import deployed_functions
from tests.servers.instances import Cloud
from tests.servers.postgres import PostgresMissing
from tests.servers.push_service import running_push_service

TESTS = ("tests/e2e/product", "tests/e2e/test_function_clouds.py")


def main() -> int:
    """0 when all went well; 1 after what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cloud", choices=["gcp", "oci"])
    parser.add_argument("what", choices=["drive", "up"], nargs="?", default="drive")
    given = parser.parse_args()
    if given.what == "drive":
        return drive(*TESTS, "-k", given.cloud)
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
