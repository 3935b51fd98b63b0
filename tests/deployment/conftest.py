"""Clients of the emulated AWS, for what `make deploy` does around the deployment tool."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from tests.servers.ministack import MinistackMissing, kept_ministack

Client = Callable[[str], Any]


@pytest.fixture(scope="session")
def client() -> Client:
    """boto3's client for a service of the emulator, which the tests share."""
    try:
        endpoint = kept_ministack()
    except MinistackMissing as missing:
        pytest.skip(str(missing))
    session = boto3.Session("test", "test", region_name="eu-central-1")
    return lambda service: session.client(service, endpoint_url=endpoint)
