"""Deploy a stage to AWS, or take it down: `make deploy STAGE=dev`, `make remove STAGE=dev`, `make secrets STAGE=dev`.

Credentials and region come from where the AWS SDKs look; AWS_ENDPOINT_URL leads to an emulated cloud.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from scripts.deployment import site, stack
from scripts.deployment.refusal import Refused, code_of
from scripts.deployment.secret import Secret, ensure_secret, secret_name
from smartalarm.wiring import SettingsError, settings_from

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "frontend" / "dist"
TOOL = ROOT / "node_modules" / ".bin" / "serverless"
# Settings that serverless.yml hands on to the functions as they are.
PASSED_ON = (
    "CORS_ORIGINS",
    "LOG_LEVEL",
    "ML_DATA_RETENTION_DAYS",
    "ML_ENABLED",
    "PUSH_ALLOWED_HOSTS",
    "RING_LOOK_AHEAD_SECONDS",
    "TRUSTED_PROXIES",
    "VAPID_SUBJECT",
)
_STAGE = re.compile(r"[a-z][a-z0-9-]{0,19}")  # as in resources.yml
TELL_SECONDS = 20.0
NO_CREDENTIALS = "no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
DEPLOY_SECONDS = 3600  # a new distribution alone takes five minutes
_CONFIG = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 5, "mode": "standard"})


def main() -> int:
    """0 when it is done; 1 after one line that says why not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["deploy", "remove", "secrets"])
    parser.add_argument("--stage", required=True)
    parser.add_argument("--app", type=Path, default=APP, help="the built app (default: frontend/dist)")
    parser.add_argument("--yes", action="store_true", help="remove without asking")
    given = parser.parse_args()
    try:
        session = Deployment(given.stage, _region(os.environ), given.app)
        match given.what:
            case "deploy":
                session.deploy()
            case "remove":
                session.remove(is_sure=given.yes)
            case "secrets":  # the last line is what serverless.yml wants to know
                print(session.ensure_secret().origin_sha256)
    except Refused as refused:
        print(f"{given.what}: {refused}", file=sys.stderr)
        return 1
    except ClientError as error:
        print(f"{given.what}: AWS says no to {error.operation_name}: {code_of(error)}", file=sys.stderr)
        return 1
    except NoCredentialsError:
        print(f"{given.what}: {NO_CREDENTIALS}", file=sys.stderr)
        return 1
    except BotoCoreError as error:
        print(f"{given.what}: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{given.what}: interrupted; AWS ends what it began, then it can be called again.", file=sys.stderr)
        return 130
    return 0


class Deployment:
    """One stage in one region."""

    def __init__(self, stage: str, region: str, app: Path = APP) -> None:
        if not _STAGE.fullmatch(stage):
            raise Refused(f"{stage!r} is no stage: lower-case letters, digits and dashes, at most 20, a letter first.")
        self.app = app
        self.stage = stage
        self.region = region
        self._session = boto3.Session(region_name=region)

    def _client(self, service: str) -> Any:
        try:
            return self._session.client(service, config=_CONFIG)
        except ValueError as error:
            if "endpoint" not in str(error):
                raise
            raise Refused("AWS_ENDPOINT_URL is no address, like http://127.0.0.1:4566.") from None

    def ensure_secret(self) -> Secret:
        """The stage's secret, made where it is missing; no value is ever printed."""
        secret = ensure_secret(self._client("secretsmanager"), self.stage)
        made = f"made {', '.join(secret.made)}" if secret.made else "nothing to make"
        say(f"Secrets: {secret.name}: {made}.")
        return secret

    def deploy(self) -> None:
        """Secrets, the stack, the app, and where it is now."""
        if not TOOL.exists():
            raise Refused("the deployment tool is missing; `npm ci` installs it (Node >= 20).")
        check_settings(os.environ)
        started = datetime.now(UTC)
        secret = self.ensure_secret()
        cloudformation = self._client("cloudformation")
        if stack.outputs(cloudformation, self.stage) is None:
            stack.adopt_table(cloudformation, self._client("dynamodb"), self.stage, say)
        say("Stack: functions, gateways, table, queues, site (the first time takes about ten minutes) ...")
        self._run_tool("deploy", deploy_environment(os.environ, secret))
        found = stack.outputs(cloudformation, self.stage) or {}
        self._publish(found, started)
        took = (datetime.now(UTC) - started).seconds
        say(f"Deployed {self.stage} to {self.region} in {took // 60} min {took % 60} s.")
        for label, output in (("App and API", "SiteUrl"), ("HTTP API", "ApiUrl"), ("Sockets", "WebSocketUrl")):
            if url := found.get(output):
                say(f"  {label:12} {url}")

    def _publish(self, found: Mapping[str, str], now: datetime) -> None:
        if not (self.app / "index.html").is_file():
            say("App: it is not built; only the API is deployed.")
            return
        if not (bucket := found.get("SiteBucketName")):
            say("App: this stack has no site bucket; only the API is deployed.")
            return
        put = site.upload(self._client("s3"), bucket, self.app, now, say)
        if put and (distribution := found.get("DistributionId")):
            site.invalidate(self._client("cloudfront"), distribution, now.isoformat())

    def remove(self, *, is_sure: bool) -> None:
        """Take the stack down; what people own stays, and how to get rid of it is said."""
        found = stack.outputs(self._client("cloudformation"), self.stage)
        if found is None:
            raise Refused(f"there is no stack {stack.stack_name(self.stage)} in {self.region}.")
        if not is_sure and _typed(f"Take down {self.stage} in {self.region}? Type its name: ") != self.stage:
            raise Refused("nothing was removed.")
        self._run_tool("remove", os.environ)
        if bucket := found.get("SiteBucketName"):
            site.delete_bucket(self._client("s3"), bucket)
        table, secret = stack.table_name(self.stage), secret_name(self.stage)
        say(
            f"Removed {self.stage}. Kept: the table {table} (0.25 USD per GB and month, and 0.20 for its backup) and the\n"
            f"secret {secret} (0.40 USD a month). The next `make deploy STAGE={self.stage}` takes both up again.\n"
            f"To delete everybody's data for good:\n"
            f"  aws dynamodb delete-table --region {self.region} --table-name {table}\n"
            f"  aws secretsmanager delete-secret --region {self.region} --secret-id {secret}"
        )

    def _run_tool(self, command: str, environment: Mapping[str, str]) -> None:
        call = [str(TOOL), command, "--stage", self.stage, "--region", self.region]
        node = shutil.which("node")
        if node is None:
            raise Refused("node is missing; the deployment tool needs Node >= 20.")
        # On the standard output it lists every function, or says what went wrong; that is wanted in the second case.
        seen = {"NODE_NO_WARNINGS": "1", **environment}
        with self._told(command):
            done = subprocess.run(
                call, cwd=ROOT, env=seen, stdout=subprocess.PIPE, text=True, check=False, timeout=DEPLOY_SECONDS
            )
        if done.returncode:
            say(done.stdout.strip())
            raise Refused(f"`serverless {command}` failed with {done.returncode}; its reason stands above.")

    @contextmanager
    def _told(self, command: str) -> Iterator[None]:
        """Meanwhile, every now and then, what the stack is at."""
        started, over = time.monotonic(), threading.Event()
        client = self._client("cloudformation")

        def tell() -> None:
            while not over.wait(TELL_SECONDS):
                try:
                    (latest, *_) = client.describe_stack_events(StackName=stack.stack_name(self.stage))["StackEvents"]
                except (ClientError, BotoCoreError, ValueError):
                    continue  # not there yet, or not any more: the tool itself will say what is wrong
                state = f"{latest['LogicalResourceId']} {latest['ResourceStatus'].lower().replace('_', ' ')}"
                say(f"  {command}, {time.monotonic() - started:.0f} s: {state}")

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            teller.join()


def check_settings(environ: Mapping[str, str]) -> None:
    """Refuse now what every function would refuse once it is deployed."""
    try:
        settings_from({name: environ[name] for name in PASSED_ON if environ.get(name)})
    except SettingsError as error:
        raise Refused(str(error)) from None


def deploy_environment(environ: Mapping[str, str], secret: Secret) -> dict[str, str]:
    """What serverless.yml reads: the digest of CloudFront's header, and the site's address when it has its own name."""
    made = dict(environ)
    if not environ.get("AWS_ENDPOINT_URL"):  # an emulated cloud has no CloudFront in front of its gateway
        made["ORIGIN_SECRET_SHA256"] = secret.origin_sha256
    if environ.get("SITE_DOMAIN") and not environ.get("SITE_URL"):
        made["SITE_URL"] = f"https://{environ['SITE_DOMAIN']}"
    return made


def _typed(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        raise Refused("nothing was removed; nobody answers here, and YES=1 (--yes) does not ask.") from None


def say(line: str) -> None:
    """Progress, at once; on the error stream, so that a command's answer stays alone."""
    print(line, file=sys.stderr, flush=True)


def _region(environ: Mapping[str, str]) -> str:
    return environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or boto3.Session().region_name or "us-east-1"


if __name__ == "__main__":
    sys.exit(main())
