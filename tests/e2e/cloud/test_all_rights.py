"""Every endpoint, deployed, with a role of its own and IAM enforced: what its ports give it is enough."""

import http.client
from urllib.parse import urlsplit

import pytest

from smartalarm.http import Response
from tests.e2e.product.aws import AwsDeployment
from tests.hosts.story import tell
from tests.servers.cloud_events import Call
from tests.servers.emulated_cloud import EmulatedCloud
from tests.servers.runtimes import exchange

pytestmark = [
    pytest.mark.alone,
    pytest.mark.parametrize("deployment", ["aws"], indirect=True, scope="session"),
    pytest.mark.usefixtures("far_alarm"),  # which has to be set early; it comes nearer while these run
]


def denials(cloud: EmulatedCloud) -> list[str]:
    """What the functions wrote about rights that they lack."""
    return [line for line in cloud.logs().splitlines() if "AccessDenied" in line or "not authorized" in line]


def test_the_whole_story_is_told_without_a_right_missing(deployment: AwsDeployment) -> None:
    """All endpoints but the unmatched one are called; a right that is missing would be a 5xx and a line in the log."""
    before = denials(deployment.cloud)
    site = urlsplit(deployment.api_url)

    def send(_function: str, call: Call) -> Response:
        connection = http.client.HTTPConnection(str(site.hostname), site.port, timeout=30)
        answer = exchange(connection, call.method, call.target, call.headers, call.body)
        # The emulator counts the bytes of an answer that may have none.
        kept = {name: value for name, value in answer.headers.items() if (answer.status, name) != (204, "content-length")}
        return Response(answer.status, answer.body, kept)

    # The emulator makes text of every body, so that broken ones are not what was sent.
    visit = tell(send, metrics_status=404, makes_mistakes=False)
    assert len(visit.called) >= 30
    assert denials(deployment.cloud)[len(before) :] == []
