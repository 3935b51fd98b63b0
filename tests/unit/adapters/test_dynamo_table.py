"""The table's definition: what CloudFormation and CreateTable both get, and what lies in it."""

import secrets

import pytest

from smartalarm.adapters.dynamo import DynamoStore, create_table, table_definition
from smartalarm.adapters.dynamo.table import shard_of
from tests.servers.dynamo_table import fresh_table
from tests.servers.ministack import MinistackMissing, kept_ministack


@pytest.fixture(scope="module")
def endpoint() -> str:
    """The emulator's address."""
    try:
        return kept_ministack()
    except MinistackMissing as missing:
        pytest.skip(str(missing))


def test_every_attribute_that_is_defined_is_a_key() -> None:
    """DynamoDB refuses a definition that no key uses, and a key without one."""
    definition = table_definition("alarms")
    schemas = [definition["KeySchema"]]
    schemas += [index["KeySchema"] for index in definition["LocalSecondaryIndexes"] + definition["GlobalSecondaryIndexes"]]
    keys = {key["AttributeName"] for schema in schemas for key in schema}
    assert {entry["AttributeName"] for entry in definition["AttributeDefinitions"]} == keys


def test_the_definition_is_a_fresh_one_on_every_call() -> None:
    """Whoever changes theirs changes nobody else's."""
    table_definition("a")["KeySchema"].clear()
    assert table_definition("a")["KeySchema"]


def test_creating_a_table_twice_changes_nothing(endpoint: str) -> None:
    """Two processes that start at once may both try."""
    with fresh_table(endpoint) as (table, _):
        create_table(table, removes_expired=False)
        DynamoStore(table).ping()


def test_a_created_table_has_the_indexes_and_removes_what_has_expired(endpoint: str) -> None:
    """What the service says about it is what was defined."""
    with fresh_table(endpoint) as (table, _):
        table.client.delete_table(TableName=table.name)
        create_table(table)
        described = table.client.describe_table(TableName=table.name)["Table"]
        expiry = table.client.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    indexes = described["LocalSecondaryIndexes"] + described["GlobalSecondaryIndexes"]
    assert {index["IndexName"] for index in indexes} == {"by_change", "by_due", "by_lookup"}
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert (expiry["AttributeName"], expiry["TimeToLiveStatus"]) == ("ttl", "ENABLED")


def test_users_spread_evenly_over_the_shards() -> None:
    """Ids as they are made: no shard gets twice its share."""
    counts = [0] * 4
    for _ in range(4000):
        counts[shard_of(secrets.token_hex(16), 4)] += 1
    assert max(counts) < 2000


def test_a_user_stays_in_its_shard() -> None:
    """The number is written into items: it must never depend on the process."""
    assert [shard_of("ada", 4), shard_of("grace", 4), shard_of("ünï", 4)] == [
        shard_of(u, 4) for u in ("ada", "grace", "ünï")
    ]
    assert shard_of("ada", 1_000_000) == 962_152
