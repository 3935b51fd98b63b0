"""What `make deploy`, `make remove` and `make secrets` say when they cannot begin: one line, with what to do."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.installing import ToolMissing, serverless
from tests.servers.in_thread import serving

ROOT = Path(__file__).parents[2]
NO_ACCOUNT = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "AWS_EC2_METADATA_DISABLED": "true"}
ACCOUNT = {**NO_ACCOUNT, "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "hunter2", "NO_PROXY": "127.0.0.1"}
STACK = """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>
<member><StackName>smartalarm-dev</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>
</DescribeStacksResult></DescribeStacksResponse>"""


class OneStack(BaseHTTPRequestHandler):
    """A CloudFormation with the stack of the stage dev, whatever is asked."""

    def do_POST(self) -> None:
        """Answer DescribeStacks."""
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", str(len(STACK)))
        self.end_headers()
        self.wfile.write(STACK.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def refusal(what: str, environ: dict[str, str]) -> str:
    """The one line on the error stream."""
    command = [sys.executable, "scripts/deploy.py", what, "--stage", "dev"]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def require_deployment_tool() -> None:
    """Install it where it is missing; what the machine lacks for that is named."""
    try:
        serverless()
    except ToolMissing as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("what", ["deploy", "remove", "secrets"])
def test_without_credentials_it_says_which_to_set(what: str) -> None:
    """The first thing that happens to whoever tries it."""
    if what == "deploy":
        require_deployment_tool()
    says = "no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    assert refusal(what, NO_ACCOUNT) == f"{what}: {says}\n"


def test_an_endpoint_that_is_no_address_is_named() -> None:
    """It is set for an emulated cloud alone."""
    says = "AWS_ENDPOINT_URL is no address, like http://127.0.0.1:4566."
    assert refusal("secrets", {**ACCOUNT, "AWS_ENDPOINT_URL": "emulator"}) == f"secrets: {says}\n"


def test_a_removal_that_nobody_can_confirm_removes_nothing() -> None:
    """In a pipeline nobody types; the way without a question is named."""
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), OneStack)) as url:
        said = refusal("remove", {**ACCOUNT, "AWS_ENDPOINT_URL": url})
    assert said == "remove: nothing was removed; nobody answers here, and YES=1 (--yes) does not ask.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VAPID_SUBJECT", "ann@example.org"),
        ("LOG_LEVEL", "loud"),
        ("CORS_ORIGINS", "example.org"),
        ("PUSH_ALLOWED_HOSTS", "http://a/b"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
        ("RING_LOOK_AHEAD_SECONDS", "soon"),
    ],
)
def test_a_setting_that_every_function_would_refuse_is_not_deployed(name: str, value: str) -> None:
    """Ten minutes later each would answer 500; nothing has been called yet when it is said."""
    require_deployment_tool()
    assert refusal("deploy", {**NO_ACCOUNT, name: value}).startswith(f"deploy: {name}: ")
