"""The plugin that lets the real template deploy to an emulated cloud, and stays out of every other deployment."""

import shutil
from typing import Any

import pytest

from tests.deployment.test_plugins import run

ENDPOINT = "http://127.0.0.1:4566"
SITE = "http://127.0.0.1:8090"

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")


def adapted(resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> dict[str, Any]:
    """The template as the emulator takes it, and what was dropped."""
    script = """
        const template = { Resources: given[0], Outputs: given[1] };
        const dropped = require('./loopback.js').adapt(template, given[2], given[3], 'smartalarm/dev');
        console.log(JSON.stringify({ ...template, dropped: dropped.map(([name]) => name) }));
    """
    found: dict[str, Any] = run(script, resources, outputs or {}, ENDPOINT, SITE)
    return found


@pytest.mark.parametrize(
    ("address", "is_loopback"),
    [
        ("http://127.0.0.1:4566", True),
        ("http://[::1]:4566", True),
        ("http://localhost:4566/", True),
        ("https://dynamodb.us-east-1.amazonaws.com", False),
        ("http://127.0.0.1.example.org", False),
        ("", False),
    ],
)
def test_it_acts_on_a_loopback_endpoint_alone(address: str, *, is_loopback: bool) -> None:
    """Elsewhere it has no hook at all."""
    script = """
        process.env.AWS_ENDPOINT_URL = given[0];
        const Loopback = require('./loopback.js');
        console.log(JSON.stringify(Object.keys(new Loopback({}, {}).hooks).length));
    """
    assert run(script, address) == int(is_loopback)


def test_what_has_no_handler_is_dropped_with_all_that_refers_to_it() -> None:
    """A stage deploys itself instead; what only waited for it stays."""
    made = adapted(
        {
            "Deployed": {"Type": "AWS::ApiGatewayV2::Deployment", "Properties": {}},
            "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"DeploymentId": {"Ref": "Deployed"}}},
            "Canary": {"Type": "AWS::CodeDeploy::Application", "Properties": {}},
            "Right": {"Type": "AWS::IAM::Policy", "Properties": {"To": {"Fn::Sub": "application:${Canary}"}}},
            "Queue": {"Type": "AWS::SQS::Queue", "DependsOn": ["Deployed"], "Properties": {}},
        },
        {"Lost": {"Value": {"Fn::GetAtt": ["Right", "Id"]}}, "Kept": {"Value": {"Ref": "Queue"}}},
    )
    assert made["dropped"] == ["Deployed", "Canary", "Right"]
    assert made["Resources"] == {
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"AutoDeploy": True}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
    }
    assert list(made["Outputs"]) == ["Kept"]


def test_a_canary_becomes_a_plain_alias() -> None:
    """Without CodeDeploy, CloudFormation moves the alias at once."""
    update = {"CodeDeployLambdaAliasUpdate": {"ApplicationName": {"Ref": "Canary"}}}
    made = adapted(
        {
            "Canary": {"Type": "AWS::CodeDeploy::Application", "Properties": {}},
            "Live": {"Type": "AWS::Lambda::Alias", "Properties": {"Name": "live"}, "UpdatePolicy": update},
        }
    )
    assert made["dropped"] == ["Canary"]
    assert made["Resources"]["Live"]["Properties"] == {"Name": "live"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"Fn::Sub": "wss://${WebsocketsApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${Stage}"},
            {"Fn::Sub": "ws://127.0.0.1:4566/_aws/execute-api/${WebsocketsApi}/${Stage}"},
        ),
        (
            {"Fn::Join": ["", ["https://", {"Ref": "HttpApi"}, ".execute-api.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]},
            {"Fn::Sub": "http://127.0.0.1:4566/_aws/execute-api/${HttpApi}"},
        ),
        ({"Fn::Sub": "arn:aws:execute-api:${AWS::Region}"}, {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}"}),
    ],
)
def test_a_gateways_address_becomes_one_that_exists(given: dict[str, Any], expected: dict[str, Any]) -> None:
    """The path form; whatever else is an address stays."""
    variables = {"WEBSOCKET_URL": given, "API_BASE_URL": {"Fn::Sub": "https://${Distribution.DomainName}"}}
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": variables}}}
    made = adapted({"Function": function})["Resources"]["Function"]["Properties"]
    assert made["Environment"]["Variables"] == {"WEBSOCKET_URL": expected, "API_BASE_URL": SITE}


def test_the_distribution_reaches_the_gateway_where_it_is_and_the_app_its_sockets() -> None:
    """Its bucket stays; loopback has no TLS."""
    host = ".execute-api.${AWS::Region}.${AWS::URLSuffix}"
    site = {"Id": "site", "DomainName": {"Fn::GetAtt": ["SiteBucket", "RegionalDomainName"]}}
    api = {
        "Id": "api",
        "DomainName": {"Fn::Sub": "${HttpApi}" + host},
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginReadTimeout": 30},
    }
    text = "default-src 'self'; connect-src 'self' wss://${WebsocketsApi}" + host + "; upgrade-insecure-requests"
    security = {"ContentSecurityPolicy": {"Override": False, "ContentSecurityPolicy": {"Fn::Sub": text}}}
    made = adapted(
        {
            "Distribution": {
                "Type": "AWS::CloudFront::Distribution",
                "Properties": {"DistributionConfig": {"Origins": [site, api]}},
            },
            "Headers": {
                "Type": "AWS::CloudFront::ResponseHeadersPolicy",
                "Properties": {"ResponseHeadersPolicyConfig": {"SecurityHeadersConfig": security}},
            },
        }
    )["Resources"]
    assert made["Distribution"]["Properties"]["DistributionConfig"]["Origins"] == [
        site,
        {
            "Id": "api",
            "DomainName": "127.0.0.1",
            "OriginPath": {"Fn::Sub": "/_aws/execute-api/${HttpApi}"},
            "CustomOriginConfig": {"OriginProtocolPolicy": "http-only", "OriginReadTimeout": 30, "HTTPPort": 4566},
        },
    ]
    config = made["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]
    expected = "default-src 'self'; connect-src 'self' ws://127.0.0.1:4566"
    assert config == {"Override": False, "ContentSecurityPolicy": {"Fn::Sub": expected}}


def test_the_right_to_an_action_covers_its_batch_as_on_aws() -> None:
    """The emulator asks for an action that AWS does not have."""
    statement = {"Effect": "Allow", "Action": ["sqs:SendMessage", "dynamodb:PutItem"], "Resource": "*"}
    role = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": {"Statement": [statement]}}]}}
    (made,) = adapted({"Role": role})["Resources"]["Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert made["Action"] == ["sqs:SendMessage", "dynamodb:PutItem", "sqs:SendMessageBatch"]


def test_the_gateways_keep_their_ids_from_one_start_to_the_next() -> None:
    """So that an address noted down stays right."""
    gateways = {name: {"Type": "AWS::ApiGatewayV2::Api", "Properties": {}} for name in ("HttpApi", "WebsocketsApi")}
    made = [adapted(gateways)["Resources"][name]["Properties"]["Tags"]["ms-custom-id"] for name in gateways]
    again = [adapted(gateways)["Resources"][name]["Properties"]["Tags"]["ms-custom-id"] for name in gateways]
    assert made == again
    assert len(set(made)) == 2


def test_what_was_dropped_is_said_in_one_line() -> None:
    """By type, with how many of each."""
    dropped = [["a", "AWS::CodeDeploy::DeploymentGroup"], ["b", "AWS::CodeDeploy::DeploymentGroup"], ["c", "AWS::X::Y"]]
    script = "console.log(JSON.stringify(require('./loopback.js').told(given[0])));"
    expected = "loopback: left out what the emulated cloud has not: CodeDeploy::DeploymentGroup x 2, X::Y"
    assert run(script, dropped) == expected
