"""Both APIs for SAM, route by route as osls makes them.

SAM has no word for a WebSocket API. It has one for an HTTP API, but puts all routes into that API's own body: then the API
waits for its functions, the distribution for the API, and the functions, which have to know the site's address, for the
distribution.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from scripts.manifest import names
from scripts.manifest.cloudformation import Json
from smartalarm.function import Declaration, SocketFunction

HTTP_API_NAME: Json = {"Fn::Sub": "smartalarm-${Stage}"}
SOCKETS_NAME: Json = {"Fn::Sub": "smartalarm-${Stage}-sockets"}
HTTP_API_ARN: Json = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${HttpApi}/*"}
SOCKETS_ARN: Json = {
    "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebsocketsApi}/*",
}


def http_api(routes: Mapping[str, Sequence[str]], targets: Mapping[str, Json], stage: Json) -> Json:
    """API, routes and stage (with these properties). `routes` and `targets` (what a route calls) are by function."""
    api = {"Ref": "HttpApi"}
    made: Json = {
        "HttpApi": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": HTTP_API_NAME, "ProtocolType": "HTTP"}},
        "HttpApiStage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": {"ApiId": api, "StageName": "$default", "AutoDeploy": True, **stage},
        },
    }
    for function, keys in routes.items():
        integration = f"HttpApiIntegration{names.logical_name(function)}"
        made[integration] = {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": api,
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": targets[function],
                "PayloadFormatVersion": "2.0",
                "TimeoutInMillis": 30000,
            },
        }
        made[f"{names.logical_name(function)}LambdaPermissionHttpApi"] = _permission(targets[function], HTTP_API_ARN)
        for number, key in enumerate(keys, 1):
            made[f"HttpApiRoute{names.logical_name(function)}{number}"] = {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": api,
                    "RouteKey": "$default" if key == "*" else key,
                    "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
                },
            }
    return made


def _permission(target: Json, source: Json) -> Json:
    return {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": target,
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": source,
        },
    }


def socket_api(ours: Sequence[Declaration], stage: Json) -> Json:
    """API, routes, deployment and stage (with these properties); logical ids as osls makes them."""
    sockets = [each for each in ours if isinstance(each, SocketFunction)]
    api = {"Ref": "WebsocketsApi"}
    made: Json = {
        "WebsocketsApi": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Name": SOCKETS_NAME,
                "ProtocolType": "WEBSOCKET",
                "RouteSelectionExpression": "$request.body.action",
            },
        }
    }
    routes: Json = {}
    for each in sockets:
        integration, function = f"{names.logical_name(each.name)}WebsocketsIntegration", names.function_id(each.name)
        uri = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{{function}.Arn}}"
        made[integration] = {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": api,
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": {"Fn::Sub": f"{uri}/invocations"},
            },
        }
        made[names.socket_permission_id(each.name)] = _permission({"Ref": function}, SOCKETS_ARN)
        routes[f"{each.route.replace('$', 'S')}WebsocketsRoute"] = {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": api,
                "RouteKey": each.route,
                "AuthorizationType": "NONE",
                "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
            },
        }
    # A deployment is a picture of the routes: other routes, another picture.
    deployment = f"WebsocketsDeployment{sha256(json.dumps([made, routes]).encode()).hexdigest()[:16]}"
    made |= routes
    made[deployment] = {
        "Type": "AWS::ApiGatewayV2::Deployment",
        "DependsOn": list(routes),
        "Properties": {"ApiId": api},
    }
    made["WebsocketsDeploymentStage"] = {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {
            "ApiId": api,
            "StageName": {"Ref": "Stage"},
            "DeploymentId": {"Ref": deployment},
            **stage,
        },
    }
    return made
