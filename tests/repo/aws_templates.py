"""Reads an expanded CloudFormation template back, whoever made it: what is there of each function, in the same words."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_FUNCTION = re.compile(r"([A-Z]\w+?LambdaFunction)(Aliaslive)?\b")
_NAMED = re.compile(r"\$\{([\w.]+)\}")
_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Deployed:
    """One function as it is deployed. A target is `live` when its alias is called, else the function itself."""

    name: str
    handler: str
    runtime: str
    architectures: tuple[str, ...]
    memory_mb: int
    timeout_seconds: int
    layers: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    retention_days: str
    may: frozenset[tuple[str, str]]
    is_traced: bool
    is_reserved: bool
    routes: frozenset[tuple[str, str]]
    socket_routes: frozenset[tuple[str, str]]
    may_call_it: frozenset[tuple[str, str]]
    queue: tuple[tuple[str, str], ...]
    schedule: tuple[tuple[str, str], ...]
    asynchronous: tuple[tuple[str, str], ...]
    canary: tuple[tuple[str, str], ...]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


class Template:
    """An expanded template."""

    def __init__(self, template: Json) -> None:
        self.resources: Json = template["Resources"]
        self.defaults = {name: str(parameter["Default"]) for name, parameter in template["Parameters"].items()}

    def of_type(self, kind: str) -> Iterator[tuple[str, Json]]:
        """(logical id, properties) of all resources of a type."""
        for name, resource in self.resources.items():
            if resource["Type"] == kind:
                yield name, resource.get("Properties", {})

    def cycle(self) -> list[str]:
        """Resources of which each waits for the next and the last for the first; empty when CloudFormation can begin."""
        waits = {name: sorted(self._waits_for(resource)) for name, resource in self.resources.items()}
        done: set[str] = set()

        def walk(name: str, path: list[str]) -> list[str]:
            if name in path:
                return path[path.index(name) :]
            if name in done:
                return []
            found = next((cycle for other in waits[name] if (cycle := walk(other, [*path, name]))), [])
            done.add(name)
            return found

        return next((cycle for name in waits if (cycle := walk(name, []))), [])

    def _waits_for(self, value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(self._waits_for, value))
        if not isinstance(value, dict):
            return set()
        found = set().union(*(self._waits_for(inner) for inner in value.values()))
        named = [value.get("Ref"), *_listed(value.get("Fn::GetAtt"))[:1], *_listed(value.get("DependsOn"))]
        text = value.get("Fn::Sub", "")
        named += _NAMED.findall(text if isinstance(text, str) else text[0])
        return (found | {str(name).partition(".")[0] for name in named}) & self.resources.keys()

    def functions(self) -> dict[str, Deployed]:
        """What is deployed of the product, by the functions' names."""
        lambdas = self.of_type("AWS::Lambda::Function")
        found = [self._function(name, given) for name, given in lambdas if name.endswith("LambdaFunction")]
        return {function.name: function for function in found}

    def resolved(self, value: Any) -> Any:
        """The value with each parameter's default in its place."""
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        if not isinstance(value, dict):
            return value
        if value.get("Ref") in self.defaults:
            return self.defaults[value["Ref"]]
        if isinstance(text := value.get("Fn::Sub"), str):
            filled = _PLACEHOLDER.sub(lambda match: self.defaults.get(match[1], match[0]), text)
            return {"Fn::Sub": filled} if "${" in filled else filled
        return {name: self.resolved(inner) for name, inner in value.items()}

    def _text(self, value: Any) -> str:
        resolved = self.resolved(value)
        return resolved if isinstance(resolved, str) else json.dumps(resolved, sort_keys=True)

    def _function(self, logical_id: str, given: Json) -> Deployed:
        log_group = logical_id.removesuffix("LambdaFunction") + "LogGroup"
        return Deployed(
            name=self._text(given["FunctionName"]).removeprefix("smartalarm-dev-"),
            handler=given["Handler"],
            runtime=given["Runtime"],
            architectures=tuple(given["Architectures"]),
            memory_mb=given["MemorySize"],
            timeout_seconds=given["Timeout"],
            layers=tuple(self._text(self.resources[layer["Ref"]]["Properties"]["LayerName"]) for layer in given["Layers"]),
            environment=self._pairs(given["Environment"]["Variables"]),
            retention_days=self._text(self.resources[log_group]["Properties"]["RetentionInDays"]),
            may=frozenset(self._statements(given["Role"]["Fn::GetAtt"][0])),
            is_traced=given.get("TracingConfig", {}).get("Mode") == "Active",
            is_reserved="ReservedConcurrentExecutions" in given,
            routes=frozenset((route, how) for route, target, how in self._routes("HttpApi") if target == logical_id),
            socket_routes=frozenset(
                (route, how) for route, target, how in self._routes("WebsocketsApi") if target == logical_id
            ),
            may_call_it=frozenset(self._callers(logical_id)),
            queue=self._one("AWS::Lambda::EventSourceMapping", "FunctionName", logical_id),
            schedule=self._one("AWS::Scheduler::Schedule", "Target", logical_id),
            asynchronous=self._one("AWS::Lambda::EventInvokeConfig", "FunctionName", logical_id),
            canary=self._canary(logical_id),
        )

    def _pairs(self, given: Json) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((name, self._text(value)) for name, value in given.items()))

    def _statements(self, role: str) -> Iterator[tuple[str, str]]:
        for policy in self.resources[role]["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                assert statement["Effect"] == "Allow"
                for action in statement["Action"]:
                    resources = statement["Resource"]
                    for resource in resources if isinstance(resources, list) else [resources]:
                        yield action, self._text(resource)

    def _routes(self, api: str) -> Iterator[tuple[str, str, str]]:
        """(route key, function, how) of an API."""
        for _, route in self.of_type("AWS::ApiGatewayV2::Route"):
            if route["ApiId"] == {"Ref": api}:
                integration = route["Target"]["Fn::Join"][1][1]["Ref"]
                yield route["RouteKey"], *self._target(self.resources[integration]["Properties"]["IntegrationUri"])

    def _callers(self, function: str) -> Iterator[tuple[str, str]]:
        """Which API may call it, and whether the function or its alias."""
        for _, permission in self.of_type("AWS::Lambda::Permission"):
            target, how = self._target(permission["FunctionName"])
            if target == function:
                assert permission["Principal"] == "apigateway.amazonaws.com"
                source = json.dumps(permission["SourceArn"])
                yield "HttpApi" if "HttpApi" in source else "WebsocketsApi" if "WebsocketsApi" in source else source, how

    def _one(self, kind: str, names_it_in: str, function: str) -> tuple[tuple[str, str], ...]:
        """The properties of the one resource of this kind that is about the function; () when there is none."""
        found = [given for _, given in self.of_type(kind) if self._target(given[names_it_in])[0] == function]
        assert len(found) <= 1
        if not found:
            return ()
        given = dict(found[0])
        how = given.pop("Qualifier", None) or self._target(given[names_it_in])[1]
        if names_it_in == "Target":
            given |= given.pop("Target")
            given["RoleArn"] = sorted(self._statements(given["RoleArn"]["Fn::GetAtt"][0]))
            del given["Arn"]
        else:
            del given[names_it_in]
        return self._pairs({**given, "calls": "function" if how in {"function", "$LATEST"} else how})

    def _canary(self, function: str) -> tuple[tuple[str, str], ...]:
        """How a new version of the function gets its calls; () when at once."""
        alias = self.resources.get(f"{function}Aliaslive")
        if alias is None:
            return ()
        update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        group = self.resources[update["DeploymentGroupName"]["Ref"]]["Properties"]
        configuration = group["DeploymentConfigName"]
        if isinstance(configuration, dict):
            text, variables = configuration["Fn::Sub"]
            configuration = text.replace("${ConfigName}", variables["ConfigName"])
        return self._pairs(
            {
                "DeploymentConfigName": configuration,
                "BeforeAllowTrafficHook": update["BeforeAllowTrafficHook"]["Ref"],
                "Alarms": ",".join(alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]),
                "AutoRollbackConfiguration": group["AutoRollbackConfiguration"],
            }
        )

    def _target(self, value: Any) -> tuple[str, str]:
        """The function that something points at, and whether at its alias."""
        text = json.dumps(value)
        match = _FUNCTION.search(text)
        if match is None:
            return "", ""
        return match[1], "live" if match[2] or re.search(r'"live"|:live', text) else "function"
