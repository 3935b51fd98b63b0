"""The one table: how its keys and indexes are made, as a plain definition, and how to create it.

What lies in it (PK, SK -> attributes beside the payload):

    u#<user>     root               seq, or spent after an erase; lookup = users#<shard>
    u#<user>     d#<kind>#<order>   a document, sorted by `order_key(id)`; changed = <seq>#<kind>#<id>
    u#<user>     t#<id>             a timer; due_shard, due_at
    u#<user>     c#<key>            a mark: this user holds that lasting claim
    c#<key>      claim              a claim; lookup = owner#<owner>
    n#<key>      count              a counter
    s#<id>       socket             an open connection; lookup = host#<host> where a process holds it
    p#<user>     s#<id>             the same connection, found by its user
    p#<user>     v#<device>         when the device was last seen

Three indexes, all sparse: `by_change` (local, so its reads are consistent) is the change feed; `by_due` spreads the timers
over shards and sorts them by instant; `by_lookup` finds users, a user's claims, and a host's sockets. The two global ones
lag behind the table. `ttl` lets DynamoDB remove what has expired at no cost.
"""

import zlib
from collections.abc import Mapping
from typing import Any

BY_CHANGE, BY_DUE, BY_LOOKUP = "by_change", "by_due", "by_lookup"
SHARDS = 4  # may grow at any time, since old items stay in shards that are still read; never shrink it


def table_definition(name: str) -> dict[str, Any]:
    """The table as CloudFormation's `AWS::DynamoDB::Table` properties; all but the last two are CreateTable's own words."""
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
            {"AttributeName": "changed", "AttributeType": "S"},
            {"AttributeName": "due_shard", "AttributeType": "S"},
            {"AttributeName": "due_at", "AttributeType": "N"},
            {"AttributeName": "lookup", "AttributeType": "S"},
        ],
        "KeySchema": _keys("PK", "SK"),
        # Only keys: a copy of each document would double what every write of a long ledger costs.
        "LocalSecondaryIndexes": [_index(BY_CHANGE, "PK", "changed", "KEYS_ONLY")],
        "GlobalSecondaryIndexes": [
            _index(BY_DUE, "due_shard", "due_at", "ALL"),
            _index(BY_LOOKUP, "lookup", "PK", "KEYS_ONLY"),
        ],
        "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    }


def meta_table(name: str) -> dict[str, Any]:
    """What pynamodb must know to build requests; without it, it would ask DescribeTable on every cold start."""
    wanted = ("TableName", "AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes", "GlobalSecondaryIndexes")
    definition: Mapping[str, Any] = table_definition(name)
    return {part: definition[part] for part in wanted}


def shard_of(text: str, shards: int) -> int:
    """The shard of a user: the same on every host and in every version."""
    return zlib.crc32(text.encode()) % shards


def _keys(hash_name: str, range_name: str) -> list[dict[str, str]]:
    return [{"AttributeName": hash_name, "KeyType": "HASH"}, {"AttributeName": range_name, "KeyType": "RANGE"}]


def _index(name: str, hash_name: str, range_name: str, projection: str) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": _keys(hash_name, range_name), "Projection": {"ProjectionType": projection}}
