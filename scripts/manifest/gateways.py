"""The WebSocket API for SAM, which has no word for it; both APIs' names."""

import json
from collections.abc import Sequence
from hashlib import sha256

from scripts.manifest import names
from scripts.manifest.cloudformation import Json
from smartalarm.function import Declaration, SocketFunction

HTTP_API_NAME: Json = {"Fn::Sub": "smartalarm-${Stage}"}
SOCKETS_NAME: Json = {"Fn::Sub": "smartalarm-${Stage}-sockets"}
SOCKETS_ARN: Json = {
    "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebsocketsApi}/*",
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
        made[names.socket_permission_id(each.name)] = {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": function},
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": SOCKETS_ARN,
            },
        }
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
