"""Deploy to Google Cloud: what infra/gcp declares, by gcloud, step by step; infra/gcp/README.md says what each step is for.

Nothing is deployed twice: what exists is updated or left alone. With --dry-run the commands are shown and none is run.
"""

import argparse
import json
import os
import sys
import tempfile
import zlib
from pathlib import Path
from secrets import token_urlsafe
from string import Template
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.deployment.commands import CommandFailed, Commands
from scripts.deployment.steps import OPTIONAL_SECRETS, parse_steps, passed_on, run_steps

ROOT = Path(__file__).resolve().parent.parent
APIS = ("run", "cloudbuild", "artifactregistry", "apigateway", "servicecontrol", "servicemanagement")
MORE_APIS = ("cloudscheduler", "secretmanager", "sqladmin")
STEPS = ("apis", "accounts", "database", "secrets", "functions", "gateway", "schedule")
RUNTIME = "python313"
GATEWAY, SCHEDULER = "smartalarm-gateway", "smartalarm-scheduler"
DATABASE = "smartalarm"
SANDBOX_HOP = "169.254.0.0/16"


class Deployment:
    """One project in one region."""

    def __init__(self, project: str, region: str, run: Commands) -> None:
        self.project = project
        self.region = region
        self._run = run
        self._services: dict[str, Any] = json.loads((ROOT / "infra/gcp/services.json").read_text())
        self._number = ""

    def apis(self) -> None:
        """Switch on the services that are used."""
        names = [f"{name}.googleapis.com" for name in (*APIS, *MORE_APIS)]
        self._gcloud("services", "enable", *names)

    def accounts(self) -> None:
        """A service account for each set of secrets, one for the gateway and one for the scheduler."""
        for name in (*self._services["accounts"], GATEWAY, SCHEDULER):
            self._ensure(
                ("iam", "service-accounts", "describe", self._email(name)),
                ("iam", "service-accounts", "create", name, f"--display-name={name}"),
            )
        for name, account in self._services["accounts"].items():
            if "CONNECTION_STRING" in account["secrets"]:
                member = f"--member=serviceAccount:{self._email(name)}"
                self._gcloud(
                    "projects",
                    "add-iam-policy-binding",
                    self.project,
                    member,
                    "--role=roles/cloudsql.client",
                    "--condition=None",
                )

    def database(self) -> None:
        """A small PostgreSQL. Its tables are made by `make migrate`, through the Cloud SQL proxy."""
        tier = os.environ.get("GCP_DATABASE_TIER", "db-g1-small")
        self._ensure(
            ("sql", "instances", "describe", DATABASE),
            (
                *("sql", "instances", "create", DATABASE, "--database-version=POSTGRES_17", f"--tier={tier}"),
                *(f"--region={self.region}", "--edition=enterprise", "--storage-auto-increase", "--backup"),
                *("--enable-point-in-time-recovery", "--database-flags=max_connections=200", "--deletion-protection"),
            ),
        )
        self._ensure(
            ("sql", "databases", "describe", DATABASE, f"--instance={DATABASE}"),
            ("sql", "databases", "create", DATABASE, f"--instance={DATABASE}"),
        )

    def secrets(self) -> None:
        """Secrets from this shell's environment, each into Secret Manager; readable for the accounts that need it alone."""
        readers: dict[str, list[str]] = {}
        for account, given in self._services["accounts"].items():
            for secret in given["secrets"]:
                readers.setdefault(secret, []).append(account)
        for secret, accounts in readers.items():
            name = _secret_name(secret)
            if not self._run.exists("secrets", "describe", name, f"--project={self.project}"):
                value = os.environ.get(secret, "")
                if not value and secret in OPTIONAL_SECRETS:
                    value = token_urlsafe(32)  # nobody knows it, so nobody reads what it guards
                if not value and not self._run.is_dry:
                    raise CommandFailed(f"{secret}: is not set; the first deployment takes it from the environment.")
                self._run.run("secrets", "create", name, "--data-file=-", f"--project={self.project}", "--quiet", text=value)
            for account in accounts:
                member = f"--member=serviceAccount:{self._email(account)}"
                self._gcloud("secrets", "add-iam-policy-binding", name, member, "--role=roles/secretmanager.secretAccessor")

    def functions(self) -> None:
        """One Cloud Run service for each function, from dist/gcp (`make build`)."""
        for name, service in self._services["services"].items():
            source = ROOT / "dist/gcp" / service["function"]
            if not source.is_dir() and not self._run.is_dry:
                raise CommandFailed(f"dist/gcp/{service['function']} is missing: run `make build` first.")
            self._gcloud("run", "deploy", name, *self._service_options(name, service, source))
            if service["checks_caller"] == "platform":
                member = f"--member=serviceAccount:{self._email(GATEWAY)}"
                region = f"--region={self.region}"
                self._gcloud("run", "services", "add-iam-policy-binding", name, member, "--role=roles/run.invoker", region)

    def gateway(self) -> None:
        """The one address that people use. A configuration cannot be changed, so each deployment makes a new one."""
        spec = (ROOT / "infra/gcp/gateway.json").read_text()
        filled = Template(spec).substitute(PROJECT_NUMBER=self._project_number(), REGION=self.region)
        config = f"smartalarm-{hash_of(filled):08x}"
        self._ensure(("api-gateway", "apis", "describe", "smartalarm"), ("api-gateway", "apis", "create", "smartalarm"))
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(filled)
            file.flush()
            self._ensure(
                ("api-gateway", "api-configs", "describe", config, "--api=smartalarm"),
                (
                    *("api-gateway", "api-configs", "create", config, "--api=smartalarm", f"--openapi-spec={file.name}"),
                    f"--backend-auth-service-account={self._email(GATEWAY)}",
                ),
            )
        place = (f"--location={self.region}", "--api=smartalarm", f"--api-config={config}")
        is_there = self._run.exists(
            "api-gateway", "gateways", "describe", "smartalarm", place[0], f"--project={self.project}"
        )
        self._gcloud("api-gateway", "gateways", "update" if is_there else "create", "smartalarm", *place)

    def schedule(self) -> None:
        """A Cloud Scheduler job for each scheduled function; it proves who it is by an ID token."""
        for name, service in self._services["services"].items():
            if "schedule" not in service:
                continue
            job = (f"--location={self.region}",)
            is_there = self._run.exists("scheduler", "jobs", "describe", name, *job, f"--project={self.project}")
            self._gcloud(
                *("scheduler", "jobs", "update" if is_there else "create", "http", name, *job),
                *(f"--schedule={service['schedule']}", "--time-zone=Etc/UTC", f"--uri={self._url(name)}/"),
                *("--http-method=POST", f"--oidc-service-account-email={self._email(SCHEDULER)}"),
                *(f"--oidc-token-audience={self._url(name)}", f"--attempt-deadline={service['timeout_seconds'] + 30}s"),
                "--max-retry-attempts=0",
            )

    def _service_options(self, name: str, service: dict[str, Any], source: Path) -> list[str]:
        secrets = [f"{secret}={_secret_name(secret)}:latest" for secret in service["secrets"]]
        checks = "--no-allow-unauthenticated" if service["checks_caller"] == "platform" else "--allow-unauthenticated"
        options = [
            *(
                f"--source={source.relative_to(ROOT)}",
                "--function=gcp",
                f"--base-image={RUNTIME}",
                f"--region={self.region}",
            ),
            *(f"--service-account={self._email(service['account'])}", f"--memory={service['memory_mb']}Mi"),
            *(
                f"--cpu={service['cpu']}",
                f"--timeout={service['timeout_seconds']}",
                f"--concurrency={service['concurrency']}",
            ),
            *(f"--max-instances={service['max_instances']}", f"--ingress={service['ingress']}", checks),
            f"--set-env-vars=^|^{'|'.join(f'{key}={value}' for key, value in self._environment(name, service).items())}",
        ]
        if service["cpu"] < 1:
            options.append("--execution-environment=gen1")  # the second generation wants a whole CPU
        if secrets:
            options.append(f"--set-secrets={','.join(secrets)}")
        if "CONNECTION_STRING" in service["secrets"]:
            options.append(f"--add-cloudsql-instances={self.project}:{self.region}:{DATABASE}")
        return options

    def _environment(self, name: str, service: dict[str, Any]) -> dict[str, str]:
        hops = ",".join([SANDBOX_HOP, *filter(None, [os.environ.get("GATEWAY_HOPS", "")])])
        environment = {"DATABASE_PROVIDER": "postgresql", "TRUSTED_PROXIES": hops, "THREADS": str(service["concurrency"])}
        environment |= passed_on()
        if "schedule" in service:
            environment |= {"TICK_EMAIL": self._email(SCHEDULER), "TICK_AUDIENCE": self._url(name)}
        return environment

    def _email(self, account: str) -> str:
        return f"{account}@{self.project}.iam.gserviceaccount.com"

    def _url(self, service: str) -> str:
        """Known before the service is: TICK_AUDIENCE needs it."""
        return f"https://{service}-{self._project_number()}.{self.region}.run.app"

    def _project_number(self) -> str:
        if not self._number:
            self._number = self._run.ask(
                "projects", "describe", self.project, "--format=value(projectNumber)", dry="PROJECT_NUMBER"
            )
        return self._number

    def _ensure(self, describe: tuple[str, ...], create: tuple[str, ...]) -> None:
        project = f"--project={self.project}"
        self._run.ensure((*describe, project), (*create, project, "--quiet"))

    def _gcloud(self, *arguments: str) -> None:
        self._run.run(*arguments, f"--project={self.project}", "--quiet")


def hash_of(text: str) -> int:
    """The same number for the same text, in every process."""
    return zlib.crc32(text.encode())


def _secret_name(setting: str) -> str:
    """`JWT_SECRET_KEY` -> `smartalarm-jwt-secret-key`."""
    return f"smartalarm-{setting.lower().replace('_', '-')}"


def main() -> int:
    """0 when every step is done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", required=True, help="Google Cloud project")
    parser.add_argument("--region", default="europe-west1", help="default: %(default)s")
    given = parse_steps(parser, STEPS)
    return run_steps(lambda: Deployment(given.project, given.region, Commands("gcloud", is_dry=given.dry_run)), given.steps)


if __name__ == "__main__":
    sys.exit(main())
