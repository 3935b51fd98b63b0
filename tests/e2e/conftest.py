"""Deployments for the tests that drive the product from outside, their logs when a test fails, and the figures measured."""

import importlib
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from tests.e2e.product.deployment import Deployment
from tests.e2e.product.far_alarm import FarAlarm, set_far_alarm
from tests.servers.push_service import RunningPushService, running_push_service

HOSTS = ("local", "replicas", "aws", "gcp", "oci")
LOG_CHARACTERS = 20_000
FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def push_service() -> Iterator[RunningPushService]:
    """A push service that really decrypts."""
    with running_push_service() as running:
        yield running


@pytest.fixture(scope="session", params=HOSTS)
def deployment(request: pytest.FixtureRequest, push_service: RunningPushService) -> Iterator[Deployment]:
    """The product on one host; every test of that host shares it. A test may ask for some hosts alone."""
    host = importlib.import_module(f"tests.e2e.product.{request.param}")
    with host.deployed(push_service) as running:
        yield running


@pytest.fixture(scope="session")
def far_alarm(deployment: Deployment) -> FarAlarm:
    """An alarm that only a tick of the host's scheduler can find."""
    return set_far_alarm(deployment)


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a measured figure, which is printed when all tests are done."""
    return request.config.stash.setdefault(FIGURES, []).append


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what the product wrote."""
    report = yield
    running: Any = getattr(item, "funcargs", {}).get("deployment")
    if report.failed and report.when == "call" and running is not None:
        report.sections.append((f"the product on {running.name} wrote", running.logs()[-LOG_CHARACTERS:]))
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The figures."""
    if figures := config.stash.get(FIGURES, []):
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.write_line(line)
