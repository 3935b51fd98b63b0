"""The stack as CloudFormation knows it: what it put out, and how a table that an earlier one left is taken up again."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from scripts.deployment.refusal import Refused, code_of
from smartalarm.adapters.dynamo import table_definition

# A change set of one table takes seconds; a minute more is for a bad day.
WAITING = {"Delay": 2, "MaxAttempts": 90}


def stack_name(stage: str) -> str:
    """As the deployment tool calls it."""
    return f"smartalarm-{stage}"


def table_name(stage: str) -> str:
    """As resources.yml calls it."""
    return f"smartalarm-{stage}"


def outputs(client: Any, stage: str) -> dict[str, str] | None:
    """What the stack puts out; None without a stack. `client` is boto3's for CloudFormation."""
    try:
        (stack,) = client.describe_stacks(StackName=stack_name(stage))["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise Refused(f"CloudFormation: {code_of(error)}.") from None
    if stack["StackStatus"] == "REVIEW_IN_PROGRESS":  # nothing of it was ever made
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def adopt_table(cloudformation: Any, dynamodb: Any, stage: str, say: Callable[[str], None]) -> bool:
    """Begin the stack with the table that `make remove` kept, so that people find their alarms again.

    Gives whether there was one. Raises Refused.
    """
    name = table_name(stage)
    try:
        dynamodb.describe_table(TableName=name)
    except dynamodb.exceptions.ResourceNotFoundException:
        return False
    say(f"Data: the table {name} is there from before; the stack takes it up.")
    template = {
        "Resources": {
            "Table": {
                "Type": "AWS::DynamoDB::Table",
                "DeletionPolicy": "Retain",
                "UpdateReplacePolicy": "Retain",
                "Properties": table_definition(name),
            }
        }
    }
    # An import may not add outputs, and the deployment tool stumbles over a stack that has none.
    with_outputs = {**template, "Outputs": {"TableName": {"Value": {"Ref": "Table"}}}}
    change = {"StackName": stack_name(stage), "ChangeSetName": "adopt-table"}
    try:
        cloudformation.create_change_set(
            **change,
            ChangeSetType="IMPORT",
            TemplateBody=json.dumps(template),
            ResourcesToImport=[
                {
                    "ResourceType": "AWS::DynamoDB::Table",
                    "LogicalResourceId": "Table",
                    "ResourceIdentifier": {"TableName": name},
                }
            ],
        )
        cloudformation.get_waiter("change_set_create_complete").wait(**change, WaiterConfig=WAITING)
        cloudformation.execute_change_set(**change)
        cloudformation.get_waiter("stack_import_complete").wait(StackName=stack_name(stage), WaiterConfig=WAITING)
        cloudformation.update_stack(StackName=stack_name(stage), TemplateBody=json.dumps(with_outputs))
        cloudformation.get_waiter("stack_update_complete").wait(StackName=stack_name(stage), WaiterConfig=WAITING)
    except (ClientError, WaiterError) as error:
        raise Refused(f"The table {name} cannot be taken up: {' '.join(str(error).split())}") from None
    return True
