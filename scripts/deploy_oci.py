"""Deploy to Oracle Cloud: what infra/oci declares, by oci and docker, step by step; infra/oci/README.md explains each step.

Nothing is deployed twice: what exists is updated or left alone. With --dry-run the commands are shown and none is run.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.deployment.commands import CommandFailed, Commands
from scripts.deployment.steps import OPTIONAL_SECRETS, parse_steps, passed_on, run_steps

ROOT = Path(__file__).resolve().parent.parent
APPLICATION = "smartalarm"
STEPS = ("images", "application", "functions", "policies", "gateway", "schedule")


class Deployment:
    """One compartment. `registry` is the images' prefix, like fra.ocir.io/<namespace>/smartalarm; `subnet` an OCID."""

    def __init__(self, compartment: str, registry: str, subnet: str, version: str, run: Commands, docker: Commands) -> None:
        self.compartment = compartment
        self.registry = registry
        self.subnet = subnet
        self.version = version
        self._run = run
        self._docker = docker
        self._functions: dict[str, Any] = json.loads((ROOT / "infra/oci/functions.json").read_text())

    def images(self) -> None:
        """One image for each function, from dist/oci (`make build`), into Oracle's registry."""
        for name, function in self._functions.items():
            source = ROOT / "dist/oci" / function["function"]
            if not source.is_dir() and not self._docker.is_dry:
                raise CommandFailed(f"dist/oci/{function['function']} is missing: run `make build` first.")
            self._docker.run("build", "--tag", self._image(name), str(source.relative_to(ROOT)))
            self._docker.run("push", self._image(name))

    def application(self) -> None:
        """What holds the functions; they reach the database through its subnet."""
        if not self._id("fn", "application", "list", f"--display-name={APPLICATION}", *self._here()):
            self._run.run(
                *("fn", "application", "create", f"--display-name={APPLICATION}", *self._here()),
                f"--subnet-ids={json.dumps([self.subnet])}",
            )

    def functions(self) -> None:
        """Each with its limits, settings, and the secrets that it needs and no other, from this shell's environment."""
        for name, function in self._functions.items():
            known = self._function_id(name)
            with self._file(self._environment(function)) as config:
                limits = (f"--memory-in-mbs={function['memory_mb']}", f"--timeout-in-seconds={function['timeout_seconds']}")
                what = (f"--image={self._image(name)}", *limits, f"--config=file://{config}")
                if known:
                    self._run.run("fn", "function", "update", f"--function-id={known}", *what, "--force")
                else:
                    into = f"--application-id={self._application_id()}"
                    self._run.run("fn", "function", "create", into, f"--display-name={name}", *what)

    def policies(self) -> None:
        """The gateway and the scheduler may call functions."""
        statements = [self._filled(line) for line in json.loads((ROOT / "infra/oci/policies.json").read_text())]
        known = self._id("iam", "policy", "list", "--name=smartalarm", *self._here())
        with self._file(statements) as file:
            if known:
                self._run.run(
                    *("iam", "policy", "update", f"--policy-id={known}", f"--statements=file://{file}"),
                    *("--version-date=", "--force"),
                )
            else:
                self._run.run(
                    *("iam", "policy", "create", "--name=smartalarm", "--description=Smart Alarm", *self._here()),
                    f"--statements=file://{file}",
                )

    def gateway(self) -> None:
        """The one address that people, and crons of others, use."""
        gateway = self._id("api-gateway", "gateway", "list", "--display-name=smartalarm", *self._here())
        if not gateway:
            self._run.run(
                *("api-gateway", "gateway", "create", "--display-name=smartalarm", "--endpoint-type=PUBLIC", *self._here()),
                *(f"--subnet-id={self.subnet}", "--wait-for-state=ACTIVE"),
            )
            gateway = self._id("api-gateway", "gateway", "list", "--display-name=smartalarm", *self._here()) or "GATEWAY"
        specification = json.loads(self._filled((ROOT / "infra/oci/gateway.json").read_text()))
        known = self._id("api-gateway", "deployment", "list", "--display-name=smartalarm", *self._here())
        with self._file(specification) as file:
            what = f"--specification=file://{file}"
            if known:
                self._run.run("api-gateway", "deployment", "update", f"--deployment-id={known}", what, "--force")
            else:
                self._run.run(
                    *("api-gateway", "deployment", "create", "--display-name=smartalarm", "--path-prefix=/", *self._here()),
                    *(f"--gateway-id={gateway}", what),
                )

    def schedule(self) -> None:
        """A schedule for each job; the function's own check is a token of ours, which has to be made anew before it ends."""
        for name, function in self._functions.items():
            if "schedule" not in function:
                continue
            variable = f"TICK_TOKEN_{function['function'].upper()}"
            token = os.environ.get(variable, "")
            if not token and not self._run.is_dry:
                raise CommandFailed(f"{variable}: is not set; make it by scripts/tick_token.py {function['function']}.")
            body = [{"parameterType": "BODY", "value": {"tick_token": token}}]
            resource = [{"id": self._function_id(name) or "FUNCTION", "parameters": body}]
            known = self._id("resource-scheduler", "schedule", "list", f"--display-name={name}", *self._here())
            with self._file(resource) as file:
                what = (f"--resources=file://{file}", "--action=START_RESOURCE", "--recurrence-type=CRON")
                when = f"--recurrence-details={function['schedule']}"
                if known:
                    self._run.run(
                        "resource-scheduler", "schedule", "update", f"--schedule-id={known}", *what, when, "--force"
                    )
                else:
                    self._run.run(
                        "resource-scheduler", "schedule", "create", f"--display-name={name}", *what, when, *self._here()
                    )

    def _environment(self, function: dict[str, Any]) -> dict[str, str]:
        """Settings and secrets: KEYVAULT_PROVIDER knows no vault of Oracle's, so these stand in the configuration."""
        environment = {"DATABASE_PROVIDER": "postgresql", "TRUSTED_PROXIES": "oci-gateway"}
        environment |= passed_on()
        for secret in function["secrets"]:
            value = os.environ.get(secret, "")
            if not value and not self._run.is_dry and secret not in OPTIONAL_SECRETS:
                raise CommandFailed(f"{secret}: is not set; the function {function['function']} needs it.")
            environment[secret] = value
        return environment

    def _filled(self, text: str) -> str:
        ids = {f["function"]: self._function_id(name) or "FUNCTION" for name, f in self._functions.items()}
        return Template(text).substitute(COMPARTMENT=self.compartment, **ids)

    def _application_id(self) -> str:
        return self._id("fn", "application", "list", f"--display-name={APPLICATION}", *self._here()) or "APPLICATION"

    def _function_id(self, name: str) -> str:
        into = f"--application-id={self._application_id()}"
        return self._id("fn", "function", "list", into, f"--display-name={name}")

    def _id(self, *arguments: str) -> str:
        """The OCID of the first thing in a list; empty when there is none."""
        found = self._run.ask(*arguments, "--query=(data.items || data)[0].id", "--raw-output", dry="")
        return found if found.startswith("ocid1.") else ""

    def _here(self) -> tuple[str, ...]:
        return (f"--compartment-id={self.compartment}",)

    def _image(self, name: str) -> str:
        return f"{self.registry}/{name}:{self.version}"

    @contextmanager
    def _file(self, content: Any) -> Iterator[str]:
        """A file that only we can read: command lines are seen by everybody on the machine."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(content, file)
            file.flush()
            yield file.name


def main() -> int:
    """0 when every step is done."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compartment", required=True, help="the compartment's OCID")
    parser.add_argument("--registry", required=True, help="prefix of the images, like fra.ocir.io/<namespace>/smartalarm")
    parser.add_argument("--subnet", required=True, help="OCID of a subnet that reaches the database and the internet")
    parser.add_argument("--tag", required=True, help="tag of the images, like 1.4.0; a new one for each deployment")
    given = parse_steps(parser, STEPS)

    def deployment() -> Deployment:
        run, docker = (Commands(tool, is_dry=given.dry_run) for tool in ("oci", "docker"))
        return Deployment(given.compartment, given.registry, given.subnet, given.tag, run, docker)

    return run_steps(deployment, given.steps)


if __name__ == "__main__":
    sys.exit(main())
