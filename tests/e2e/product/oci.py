"""The product on Oracle's functions runtime, every function as it is built for there; what surrounds them is simulated."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.product.function_deployment import FunctionDeployment, deployed_functions
from tests.servers.push_service import RunningPushService


@contextmanager
def deployed(push: RunningPushService) -> Iterator[FunctionDeployment]:
    """A running one."""
    with deployed_functions("oci", push) as deployment:
        yield deployment
