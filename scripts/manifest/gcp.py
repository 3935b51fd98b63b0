"""Google Cloud's deployables from the declarations: a service for each function, the gateway's routes, the scheduler's jobs.

`${...}` is filled in by scripts/deploy_gcp.py, which alone knows the project.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.manifest.beyond_aws import SHORT, UNMATCHED, rate_to_cron, secrets_of, service_name, to_text
from smartalarm.function import Declaration, EndpointFunction, ScheduleFunction

SERVICES = Path("infra/gcp/services.json")
GATEWAY = Path("infra/gcp/gateway.json")
LONGEST_ACCOUNT = 30
_SPARE_SECONDS = 5
_RESPONSES = {"default": {"description": "See openapi.json."}}


def files(declarations: Sequence[Declaration]) -> dict[Path, str]:
    """The text of each file, by its path below the repository's root."""
    mine = [declaration for declaration in declarations if "gcp" in declaration.hosts]
    return {SERVICES: to_text(services(mine)), GATEWAY: to_text(gateway(mine))}


def services(declarations: Sequence[Declaration]) -> dict[str, Any]:
    """Cloud Run services, and the service accounts they run as: one for each set of secrets that some function needs."""
    accounts = {account_of(declaration): list(secrets_of(declaration)) for declaration in declarations}
    return {
        "accounts": {name: {"secrets": accounts[name]} for name in sorted(accounts)},
        "services": {service_name(declaration.name): _service(declaration) for declaration in declarations},
    }


def account_of(declaration: Declaration) -> str:
    """The service account of a function, named after what it may read. Raises ValueError past Google's 30 characters."""
    name = "-".join(["smartalarm", *([SHORT[secret] for secret in secrets_of(declaration)] or ["none"])])
    if len(name) > LONGEST_ACCOUNT:
        raise ValueError(f"{name} is too long for a service account")
    return name


def _service(declaration: Declaration) -> dict[str, Any]:
    service: dict[str, Any] = {
        "function": declaration.name,
        "account": account_of(declaration),
        "secrets": list(secrets_of(declaration)),
        "memory_mb": declaration.memory_mb,
        "timeout_seconds": declaration.timeout_seconds,
    }
    if isinstance(declaration, ScheduleFunction):
        # Cloud Run would take the signature off the token that it checks, and ours could not check it any more. So these
        # are closed to the internet instead, and the function checks who calls.
        return service | {
            "cpu": 0.5,
            "concurrency": 1,
            "max_instances": 3,
            "ingress": "internal",
            "checks_caller": "function",
            "schedule": rate_to_cron(declaration.rate),
        }
    return service | {
        "cpu": 1,
        "concurrency": 8,
        "max_instances": 10,
        "ingress": "all",
        "checks_caller": "platform",
    }


def gateway(declarations: Sequence[Declaration]) -> dict[str, Any]:
    """API Gateway's routes (OpenAPI 2.0). What no route matches goes to the function that says so in our own shape."""
    paths: dict[str, dict[str, Any]] = {}
    timeout = 0
    for declaration in declarations:
        if isinstance(declaration, EndpointFunction) and declaration.name != UNMATCHED:
            endpoint = declaration.endpoint
            operation: dict[str, Any] = {
                "operationId": declaration.name,
                "x-google-backend": _backend(declaration.name, declaration.timeout_seconds),
                "responses": _RESPONSES,
            }
            if names := re.findall(r"{(\w+)}", endpoint.path):
                parameters = [{"name": name, "in": "path", "required": True, "type": "string"} for name in names]
                operation["parameters"] = parameters
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
        elif declaration.name == UNMATCHED:
            timeout = declaration.timeout_seconds
    return {
        "swagger": "2.0",
        "info": {"title": "Smart Alarm", "version": "1"},
        "schemes": ["https"],
        "x-google-allow": "all",
        "x-google-backend": _backend(UNMATCHED, timeout),
        "paths": {path: paths[path] for path in sorted(paths)},
    }


def _backend(function: str, timeout_seconds: int) -> dict[str, Any]:
    return {
        "address": f"https://{service_name(function)}-${{PROJECT_NUMBER}}.${{REGION}}.run.app",
        "path_translation": "APPEND_PATH_TO_ADDRESS",
        "deadline": float(timeout_seconds + _SPARE_SECONDS),
    }
