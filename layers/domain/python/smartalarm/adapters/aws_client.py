"""Clients for AWS: all of a process from one session, because making a session takes longer than making a client."""

from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    import boto3


@cache
def aws_session() -> botocore.session.Session:
    """The process's own session. Credentials come from where boto3 always looks.

    It is boto3's core: what boto3 adds (resources, S3 transfers, process pools) takes 20 ms of a cold start, for no client.
    """
    return botocore.session.get_session()


def new_aws_client(
    service: str,
    region: str,
    endpoint: str | None,
    *,
    connect_seconds: float,
    read_seconds: float,
    attempts: int,
    connections: int = 10,
    is_checked: bool = True,
    session: "boto3.Session | None" = None,
) -> Any:
    """A client whose every call is bounded in time and tries. To be made once, before any thread.

    `endpoint`: None for Amazon's own. `is_checked=False` leaves out boto3's look at each request's parameters, for
    adapters that build them all themselves.
    """
    config = Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=connections,
        tcp_keepalive=True,
        parameter_validation=is_checked,
    )
    make = session.client if session else aws_session().create_client
    return make(service, region_name=region, endpoint_url=endpoint, config=config)
