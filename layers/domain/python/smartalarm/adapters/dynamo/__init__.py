"""DynamoDB through pynamodb: one table for documents, timers, claims, counters and connections."""

from smartalarm.adapters.dynamo.connections import DynamoConnections
from smartalarm.adapters.dynamo.counters import DynamoCounters
from smartalarm.adapters.dynamo.driver import Limits, Patience, Table
from smartalarm.adapters.dynamo.opening import create_table, open_table
from smartalarm.adapters.dynamo.store import DynamoStore
from smartalarm.adapters.dynamo.table import table_definition

__all__ = [
    "DynamoConnections",
    "DynamoCounters",
    "DynamoStore",
    "Limits",
    "Patience",
    "Table",
    "create_table",
    "open_table",
    "table_definition",
]
