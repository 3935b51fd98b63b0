"""The emulated AWS: `make cloud-up` keeps the product deployed to one for you, `make cloud` deploys to one and drives it.

up      deploys without IAM's checks, starts a push receiver, prints the URLs and stays until Ctrl+C (PORT, default 8090)
drive   deploys with IAM enforced and runs tests/e2e/cloud and the shared product suite against it
"""

import argparse
import errno
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.driving import drive
from tests.servers.emulated_cloud import DeployFailed, running_cloud
from tests.servers.ministack_process import MinistackMissing
from tests.servers.push_service import running_push_service

# In this order the far alarm comes while the others pass, and the second deployment disturbs none of them.
TESTS = ["tests/e2e/cloud/test_emulated_aws.py", "tests/e2e/product", "tests/e2e/cloud/test_redeploy.py"]
EXAMPLE = """\
  curl -s {url}/api/v1/auth/register -H 'content-type: application/json' -d \\
    '{{"email": "ann@example.org", "password": "correct horse battery", "name": "A", "time_zone": "UTC", "locale": "en"}}'"""


def main() -> int:
    """0 when all went well; 1 after what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["up", "drive"])
    parser.add_argument("--port", type=int, default=8090, help="up: where the product is served; 0 for any free port")
    given = parser.parse_args()
    if not 0 <= given.port <= 65535:  # noqa: PLR2004  the largest port
        parser.error("--port: 0 to 65535")
    if given.what == "drive":
        return drive("-s", *TESTS, "-k", "aws")
    try:
        stay_up(given.port)
    except (MinistackMissing, DeployFailed) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        why = "in use" if error.errno == errno.EADDRINUSE else "not ours to open"
        print(f"Port {given.port} is {why}; PORT=<another> chooses one.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe emulated cloud has stopped; nothing of it is kept.")
    return 0


def stay_up(port: int) -> None:
    """Deploy, print where everything is, and wait for Ctrl+C."""
    say("Starting an emulated AWS ...")
    with (
        running_push_service() as push,
        running_cloud(enforces_iam=False, port=port, say=lambda line: say(f"  {line}")) as cloud,
    ):
        cloud.deploy({"PUSH_ALLOWED_HOSTS": push.host})
        print(f"Smart Alarm is deployed. Ctrl+C stops it.\n  API        {cloud.site_url}/api/v1/docs")
        print(f"  sockets    {cloud.sockets_url}?ticket=<from POST /api/v1/sync/ticket>")
        print(f"  push       {push.url} (tests/servers/push_service.py says how to subscribe there)")
        print(f"  AWS        AWS_ENDPOINT_URL={cloud.endpoint} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test")
        print(f"Try it:\n{EXAMPLE.format(url=cloud.site_url)}\nIts tests against it in one go: make cloud", flush=True)
        threading.Event().wait()


def say(line: str) -> None:
    """Progress, at once."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
