"""The stack around the deployment tool: a kept table is taken up again, with everybody's data."""

import uuid

from scripts.deployment.stack import adopt_table, outputs, stack_name, table_name
from smartalarm.adapters.dynamo import table_definition
from tests.deployment.conftest import Client


def test_a_kept_table_becomes_the_new_stacks_own(client: Client) -> None:
    """`make remove` left it; without this, `make deploy` would stop at a name that is taken."""
    stage, cloudformation, dynamodb = f"t{uuid.uuid4().hex[:8]}", client("cloudformation"), client("dynamodb")
    lines: list[str] = []
    assert outputs(cloudformation, stage) is None
    assert adopt_table(cloudformation, dynamodb, stage, lines.append) is False

    definition = table_definition(table_name(stage))
    own = {"TimeToLiveSpecification", "PointInTimeRecoverySpecification"}
    dynamodb.create_table(**{name: value for name, value in definition.items() if name not in own})
    dynamodb.put_item(TableName=table_name(stage), Item={"PK": {"S": "u#ann"}, "SK": {"S": "root"}})
    assert adopt_table(cloudformation, dynamodb, stage, lines.append) is True
    assert outputs(cloudformation, stage) == {"TableName": table_name(stage)}
    assert lines == [f"Data: the table smartalarm-{stage} is there from before; the stack takes it up."]

    cloudformation.delete_stack(StackName=stack_name(stage))
    assert dynamodb.scan(TableName=table_name(stage))["Count"] == 1
    dynamodb.delete_table(TableName=table_name(stage))
