"""Opening the table, and creating it where no deployment has: in tests, emulators and a first local start."""

from typing import TYPE_CHECKING

from smartalarm.adapters.aws_client import new_aws_client
from smartalarm.adapters.dynamo.driver import LeanConnection, Limits, Patience, Table
from smartalarm.adapters.dynamo.failures import translated
from smartalarm.adapters.dynamo.table import SHARDS, table_definition
from smartalarm.errors import Unavailable

if TYPE_CHECKING:
    import boto3

THREADS = 16


def open_table(
    name: str,
    *,
    region: str,
    patience: Patience,
    endpoint: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    shards: int = SHARDS,
    session: "boto3.Session | None" = None,
) -> Table:
    """The table, ready to use; makes no call. `endpoint`: None for Amazon's own.

    Credentials are the session's; without one they come from where boto3 always looks.
    """
    connection = open_connection(region, endpoint, limits, session)
    return Table(connection, name, patience=patience, shards=shards, threads=THREADS)


def open_connection(
    region: str, endpoint: str | None, limits: Limits, session: "boto3.Session | None" = None
) -> LeanConnection:
    """A connection that several tables may share."""
    with translated():
        client = new_aws_client(
            "dynamodb",
            region,
            endpoint,
            connect_seconds=limits.connect_seconds,
            read_seconds=limits.read_seconds,
            attempts=limits.attempts,
            connections=2 * THREADS,
            is_checked=False,  # it costs CPU on each call, and requests are built here, not by users
            session=session,
        )
    return LeanConnection(client)


def create_table(table: Table, *, removes_expired: bool = True) -> None:
    """Create it and wait until it can be used; one that exists stays as it is. Raises Unavailable.

    `removes_expired=False` leaves DynamoDB's own removal off, for tests whose clock is not the real one.
    """
    definition = table_definition(table.name)
    expiry = definition.pop("TimeToLiveSpecification")
    del definition["PointInTimeRecoverySpecification"]  # a deployment's matter: it costs
    client = table.client
    with translated():
        try:
            client.create_table(**definition)
        except client.exceptions.ResourceInUseException:
            return
        for _ in table.patience.tries():
            if client.describe_table(TableName=table.name)["Table"]["TableStatus"] == "ACTIVE":
                break
        else:
            raise Unavailable("The table is not ready")
        if removes_expired:
            client.update_time_to_live(TableName=table.name, TimeToLiveSpecification=expiry)
