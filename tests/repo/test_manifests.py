"""Both AWS templates, read back as CloudFormation gets them, say the same of every function, and what it declares."""

import json
import re
from dataclasses import asdict, fields
from functools import cache

import pytest

from scripts.installing import ROOT, ToolMissing
from scripts.manifest.aws import layers_of, layers_used
from scripts.manifest.cloudformation import read
from scripts.manifest.expanded import MOST_BYTES, MOST_RESOURCES, osls_template, sam_template
from smartalarm.catalog import functions_on
from smartalarm.function import (
    ConsumerFunction,
    Declaration,
    EndpointFunction,
    PagesFunction,
    ScheduleFunction,
    SocketFunction,
)
from smartalarm.settings import Settings
from tests.repo.aws_templates import Deployed, Json, Template

ON_AWS = {declaration.name: declaration for declaration in functions_on("aws")}
MAKERS = {"serverless.yml": osls_template, "template.yaml": sam_template}


@cache
def deployed(maker: str) -> dict[str, Deployed]:
    """The functions of one template."""
    return Template(expanded(maker)).functions()


def expanded(maker: str) -> Json:
    """One template; the test is skipped, by name, where its tool cannot be had."""
    try:
        return MAKERS[maker]()
    except ToolMissing as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("maker", MAKERS)
def test_a_template_holds_no_more_than_cloudformation_takes(maker: str) -> None:
    """500 resources, 200 parameters and outputs, a megabyte; with room left for what a person adds."""
    template = expanded(maker)
    assert len(template["Resources"]) <= MOST_RESOURCES
    assert len(json.dumps(template, indent=2)) <= MOST_BYTES
    assert max(len(template["Parameters"]), len(template["Outputs"])) <= 150


@pytest.mark.parametrize("maker", MAKERS)
def test_every_function_of_aws_is_deployed_and_no_other(maker: str) -> None:
    """The smoke function tries new versions; it is not the product's."""
    assert deployed(maker).keys() == ON_AWS.keys()


@pytest.mark.parametrize("maker", MAKERS)
def test_no_resource_of_a_template_waits_for_itself(maker: str) -> None:
    """CloudFormation would refuse to begin; cfn-lint does not see it through SAM's transform."""
    assert Template(expanded(maker)).cycle() == []


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", ["ring_due", "open_socket", "log_in", "test_device"])
def test_rings_are_answered_at_the_sites_own_address(maker: str, name: str) -> None:
    """Which a first deployment only knows from the distribution."""
    resources = expanded(maker)["Resources"]
    (function,) = (
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == "AWS::Lambda::Function" and name in json.dumps(resource["Properties"]["FunctionName"])
    )
    address = function["Environment"]["Variables"]["API_BASE_URL"]
    assert address == {"Fn::If": ["HasSiteUrl", {"Ref": "SiteUrl"}, {"Fn::Sub": "https://${Distribution.DomainName}"}]}


def test_both_templates_can_be_told_the_same() -> None:
    """The same parameters with the same defaults; and resources.yml's resources, each as it stands."""
    theirs, ours = expanded("serverless.yml"), expanded("template.yaml")
    assert Template(theirs).defaults == Template(ours).defaults
    shared = read(ROOT / "infra/aws/resources.yml")
    for name in shared["Resources"]:
        assert theirs["Resources"][name]["Properties"] == ours["Resources"][name]["Properties"]
    for name in shared["Outputs"]:
        assert theirs["Outputs"][name]["Value"] == ours["Outputs"][name]["Value"]


def test_whoever_deploys_may_set_every_parameter_in_the_environment() -> None:
    """`LOG_LEVEL=debug serverless deploy`: by the parameter's name in capitals; else it is what the parameter says."""
    frame = read(ROOT / "serverless.yml")["resources"][-1]["Parameters"]
    defaults = Template(expanded("template.yaml")).defaults
    assert frame.pop("Stage") == {"Default": "${sls:stage}"}
    names = {name: re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper() for name in frame}
    assert frame == {name: {"Default": f"${{env:{names[name]}, '{defaults[name]}'}}"} for name in frame}
    assert frame.keys() == defaults.keys() - {"Stage"}


def test_every_variable_of_a_function_is_a_setting() -> None:
    """One that nothing reads would be believed to do something; STRIP_STAGE_PATH is serverless-wsgi's."""
    for function in deployed("template.yaml").values():
        assert {name.lower() for name, _ in function.environment} - Settings.model_fields.keys() <= {"strip_stage_path"}


def test_both_templates_hold_the_gateways_alike() -> None:
    """Throttled, deployed by themselves, with access logs; no CORS of the gateway's own; sockets routed alike."""
    theirs, ours = Template(expanded("serverless.yml")), Template(expanded("template.yaml"))
    for stage in ("HttpApiStage", "WebsocketsDeploymentStage"):
        made = [template.resources[stage]["Properties"] for template in (theirs, ours)]
        for setting in ("StageName", "AutoDeploy", "DefaultRouteSettings", "AccessLogSettings"):
            assert theirs.resolved(made[0].get(setting)) == ours.resolved(made[1].get(setting))
        assert made[0]["DefaultRouteSettings"].keys() >= {"ThrottlingRateLimit", "ThrottlingBurstLimit"}
    apis = [template.resources["WebsocketsApi"]["Properties"] for template in (theirs, ours)]
    assert apis[0]["RouteSelectionExpression"] == apis[1]["RouteSelectionExpression"]
    for template in (theirs, ours):
        assert "CorsConfiguration" not in template.resources["HttpApi"]["Properties"]


@pytest.mark.parametrize("name", ON_AWS)
def test_both_templates_say_the_same_of_a_function(name: str) -> None:
    """Route, memory, time-out, layers, environment, role, logs, queue, schedule, and whether its alias is called."""
    theirs, ours = asdict(deployed("serverless.yml")[name]), asdict(deployed("template.yaml")[name])
    different = {field.name for field in fields(Deployed) if theirs[field.name] != ours[field.name]}
    assert {key: (theirs[key], ours[key]) for key in different} == {}


@pytest.mark.parametrize("name", ON_AWS)
@pytest.mark.parametrize("maker", MAKERS)
def test_a_template_says_what_the_declaration_says(maker: str, name: str) -> None:
    """Of every kind of function; nothing is traced, and no concurrency is reserved."""
    function, declaration = deployed(maker)[name], ON_AWS[name]
    how = "live" if declaration.is_canary else "function"
    assert function.handler == "handler.aws"
    assert (function.runtime, function.architectures) == ("python3.13", ("arm64",))
    assert (function.memory_mb, function.timeout_seconds) == (declaration.memory_mb, declaration.timeout_seconds)
    layers = ("smartalarm", "runtime", *(["inference"] if declaration.infers else []))
    assert function.layers == tuple(f"smartalarm-dev-{layer}" for layer in layers)
    assert function.retention_days == "14"
    assert (function.is_traced, function.is_reserved) == (False, False)
    assert function.routes == {(route, how) for route in routes(declaration)}
    socket_routes = {(declaration.route, how)} if isinstance(declaration, SocketFunction) else set()
    assert function.socket_routes == socket_routes
    callers = [(function.routes, "HttpApi"), (function.socket_routes, "WebsocketsApi")]
    assert function.may_call_it == {(api, how) for routed, api in callers if routed}
    assert bool(function.queue) == isinstance(declaration, ConsumerFunction)
    assert bool(function.canary) == declaration.is_canary
    assert bool(function.schedule) == bool(function.asynchronous) == isinstance(declaration, ScheduleFunction)


def routes(declaration: Declaration) -> list[str]:
    """The HTTP API's route keys for a declaration."""
    if isinstance(declaration, PagesFunction):
        return [f"GET {path}" for path in declaration.paths]
    if isinstance(declaration, EndpointFunction):
        endpoint = declaration.endpoint
        return ["$default" if endpoint.path == "*" else f"{endpoint.method} {endpoint.path}"]
    return []


@pytest.mark.parametrize("maker", MAKERS)
def test_the_queue_gives_whole_batches_to_a_bounded_number_of_consumers(maker: str) -> None:
    """By the mapping's own limit: SQS ignores reserved concurrency; a batch's failures are named one by one."""
    ring = deployed(maker)["ring_due"]
    queue = dict(ring.queue)
    assert queue["BatchSize"] == "2"
    assert queue["FunctionResponseTypes"] == '["ReportBatchItemFailures"]'
    assert queue["ScalingConfig"] == '{"MaximumConcurrency": 200}'
    assert queue["EventSourceArn"] == '{"Fn::GetAtt": ["RingQueue", "Arn"]}'
    visibility = expanded(maker)["Resources"]["RingQueue"]["Properties"]["VisibilityTimeout"]
    assert (ring.timeout_seconds, visibility) == (30, 180)


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize(("name", "rate"), [("dispatch_due", "rate(1 minute)"), ("purge_expired", "rate(1 hour)")])
def test_a_schedule_is_in_utc_on_the_minute_and_what_it_cannot_start_is_kept(maker: str, name: str, rate: str) -> None:
    """Its role may start this function and write dead letters, nothing else; the next minute is the sweep's own retry."""
    schedule, asynchronous = dict(deployed(maker)[name].schedule), dict(deployed(maker)[name].asynchronous)
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == (rate, "UTC")
    assert schedule["FlexibleTimeWindow"] == '{"Mode": "OFF"}'
    assert schedule["DeadLetterConfig"] == '{"Arn": {"Fn::GetAtt": ["TickDeadLetters", "Arn"]}}'
    assert schedule["RoleArn"].count("lambda:InvokeFunction") == schedule["RoleArn"].count("sqs:SendMessage") == 1
    assert asynchronous["MaximumRetryAttempts"] == ("0" if name == "dispatch_due" else "2")
    assert asynchronous["MaximumEventAgeInSeconds"] == ("60" if name == "dispatch_due" else "3600")
    assert "TickDeadLetters" in asynchronous["DestinationConfig"]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize(
    ("name", "alarms"),
    [
        ("create_alarm", ("CreateAlarmErrors", "CreateAlarmProblems")),
        ("dispatch_due", ("DispatchErrors",)),
        ("ring_due", ("RingErrors", "RingProblems")),
    ],
)
def test_what_must_not_break_is_rolled_out_bit_by_bit(maker: str, name: str, alarms: tuple[str, ...]) -> None:
    """A tenth of the calls for five minutes, after the smoke function; back when one of its alarms rings."""
    canary = dict(deployed(maker)[name].canary)
    assert canary["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    assert canary["BeforeAllowTrafficHook"] == "SmokeFunction"
    assert canary["Alarms"] == ",".join(alarms)
    assert "DEPLOYMENT_STOP_ON_ALARM" in canary["AutoRollbackConfiguration"]


@pytest.mark.parametrize("maker", MAKERS)
def test_nothing_may_be_done_to_everything(maker: str) -> None:
    """Stars stand at the end of an ARN only: log streams, connections and the end of a secret have no names before."""
    ends = (":*", "/POST/@connections/*")
    for function in deployed(maker).values():
        for action, resource in function.may:
            assert "*" not in action
            assert resource.count("?") == (6 if action == "secretsmanager:GetSecretValue" else 0)
            assert resource.count("*") == 0 or (resource.count("*") == 1 and resource.rstrip('"}').endswith(ends))


def test_only_what_infers_carries_the_inference_layer() -> None:
    """It weighs more than all else together: no function that only tells a time ever loads it."""
    dispatch, analyze = ON_AWS["dispatch_due"], ON_AWS["analyze_sleep"]
    assert layers_of(analyze) == ("smartalarm", "runtime", "inference")
    assert layers_of(dispatch) == ("smartalarm", "runtime")
    assert layers_used([dispatch]) == ["smartalarm", "runtime"]
    assert layers_used([dispatch, analyze]) == ["smartalarm", "runtime", "inference"]
    assert not {"create_alarm", "ring_due", "dispatch_due", "watch_due"} & {d.name for d in ON_AWS.values() if d.infers}
