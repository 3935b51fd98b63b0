"""Each function's own role: the statements that infra/aws/permissions.yml gives the ports it can reach."""

import json
from pathlib import Path
from typing import Any

from scripts.manifest.cloudformation import Json, arn_of, read
from smartalarm.function import Declaration, EndpointFunction

PERMISSIONS = Path(__file__).resolve().parents[2] / "infra" / "aws" / "permissions.yml"
# RFC 9110, 9.2.1: what asks by these methods wants nothing changed; a test holds our functions to it.
SAFE_METHODS = frozenset({"GET", "HEAD"})


class PermissionsError(ValueError):
    """permissions.yml says nothing of a port, or something of what there is not; the text names it."""


def only_reads(declaration: Declaration) -> bool:
    """Whether the function may only read."""
    return isinstance(declaration, EndpointFunction) and declaration.endpoint.method in SAFE_METHODS


def statements(declaration: Declaration, permissions: Json | None = None) -> list[Json]:
    """What the function may do, each thing once, actions on the same resource together. Raises PermissionsError."""
    given = read(PERMISSIONS) if permissions is None else permissions
    kind = type(declaration).__name__
    if kind not in given:
        raise PermissionsError(f"permissions.yml does not know the kind {kind} of {declaration.name}")
    found: list[Json] = [*given["Every"], *given[kind]]
    for port in sorted(port.__name__ for port in declaration.ports):
        if port not in given:
            raise PermissionsError(f"permissions.yml does not know the port {port}, which {declaration.name} can reach")
        found += given[port]["reads"]
        found += [] if only_reads(declaration) else given[port]["writes"]
    found += given["Functions"].get(declaration.name, [])
    return _together(json.loads(json.dumps(found).replace("${Function}", declaration.name)))


def _together(found: list[Json]) -> list[Json]:
    """One statement for each resource."""
    actions: dict[str, list[str]] = {}
    resources: dict[str, Any] = {}
    for statement in found:
        if set(statement) != {"Effect", "Action", "Resource"} or statement["Effect"] != "Allow":
            raise PermissionsError(f"permissions.yml: only Effect: Allow, Action and Resource are known, not {statement}")
        key = json.dumps(statement["Resource"], sort_keys=True)
        resources[key] = statement["Resource"]
        known = actions.setdefault(key, [])
        known += [action for action in statement["Action"] if action not in known]
    return [{"Effect": "Allow", "Action": actions[key], "Resource": resources[key]} for key in actions]


def function_role(declaration: Declaration) -> Json:
    """The role that the function runs as."""
    return _role("lambda.amazonaws.com", "ports", statements(declaration))


def schedule_role(target: Json) -> Json:
    """The role with which EventBridge Scheduler starts a job: it may do that, and write a call it could not deliver."""
    allowed = [
        {"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": target},
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": arn_of("TickDeadLetters")},
    ]
    condition = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    return _role("scheduler.amazonaws.com", "start", allowed, condition)


def _role(service: str, policy: str, allowed: list[Json], condition: Json | None = None) -> Json:
    trust: Json = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if condition is not None:
        trust["Condition"] = condition
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": policy, "PolicyDocument": {"Version": "2012-10-17", "Statement": allowed}}],
        },
    }
