"""What Amazon asks: us-east-1, on demand, first tier, no free tier. Whoever checks them again changes `CHECKED_ON`."""

from dataclasses import dataclass
from typing import Final

CHECKED_ON: Final = "2026-11-22"
MILLION: Final = 1_000_000


@dataclass(frozen=True)
class Price:
    """`usd` for `per` of `unit`. `source` is the page of Amazon's that says so; `doubt` says what is not sure about it."""

    what: str
    usd: float
    per: int
    unit: str
    source: str
    doubt: str = ""

    def of(self, number: float) -> float:
        """What so many cost, in USD."""
        return number * self.usd / self.per


_LAMBDA, _DYNAMODB = "aws.amazon.com/lambda/pricing", "aws.amazon.com/dynamodb/pricing/on-demand"
_API, _WATCH = "aws.amazon.com/api-gateway/pricing", "aws.amazon.com/cloudwatch/pricing"
_SECRETS = "aws.amazon.com/secrets-manager/pricing"

PRICES: Final[dict[str, Price]] = {
    "lambda_seconds": Price("Lambda, arm64", 0.0000133334, 1, "GB-second", _LAMBDA),
    "lambda_requests": Price("Lambda", 0.20, MILLION, "requests", _LAMBDA),
    "write_units": Price("DynamoDB", 0.625, MILLION, "write request units", _DYNAMODB),
    "read_units": Price("DynamoDB", 0.125, MILLION, "read request units", _DYNAMODB),
    "storage": Price("DynamoDB", 0.25, 1, "GB-month stored", _DYNAMODB),
    "recovery": Price("DynamoDB point-in-time recovery", 0.20, 1, "GB-month", _DYNAMODB),
    "sqs_requests": Price("SQS standard", 0.40, MILLION, "requests of 64 KB", "aws.amazon.com/sqs/pricing"),
    "schedules": Price("EventBridge Scheduler", 1.00, MILLION, "invocations", "aws.amazon.com/eventbridge/pricing"),
    "http_requests": Price("API Gateway, HTTP API", 1.00, MILLION, "requests of 512 KB", _API),
    "socket_messages": Price("API Gateway, WebSocket", 1.00, MILLION, "messages of 32 KB", _API),
    "socket_minutes": Price("API Gateway, WebSocket", 0.25, MILLION, "connection minutes", _API),
    "edge_requests": Price(
        "CloudFront", 1.00, MILLION, "HTTPS requests", "aws.amazon.com/cloudfront/pricing", "US and Europe; others cost more"
    ),
    "logs": Price("CloudWatch Logs", 0.50, 10**9, "bytes taken in", _WATCH, "Amazon's GB is taken as 10^9 bytes"),
    "metrics": Price("CloudWatch", 0.30, 1, "custom metric a month", _WATCH, "by the hour in which it is written"),
    "alarms": Price("CloudWatch", 0.10, 1, "alarm a month", _WATCH),
    "secrets": Price("Secrets Manager", 0.40, 1, "secret a month", _SECRETS),
    "secret_calls": Price("Secrets Manager", 0.05, 10_000, "calls", _SECRETS),
    "transfer": Price(
        "Data to the internet",
        0.09,
        10**9,
        "bytes",
        "aws.amazon.com/ec2/pricing/on-demand",
        "CloudFront asks 0.085 for its part",
    ),
}


@dataclass(frozen=True)
class Assumption:
    """What the emulator cannot tell. `why` says where the figure comes from."""

    value: float
    what: str
    why: str


ASSUMPTIONS: Final[dict[str, Assumption]] = {
    "hold_seconds": Assumption(
        3.0, "the consumer holds a ring for, s", "what it asks for; SQS delays by whole seconds, the nearest is taken"
    ),
    "least_hold_seconds": Assumption(2.5, "and at least, s", "half a second less than what it asks for"),
    "start_seconds": Assumption(0.6, "a new process starts within, s", "Lambda's own part and the first imports"),
    "read": Assumption(0.005, "a DynamoDB read takes, s", "single-digit milliseconds, says Amazon"),
    "write": Assumption(0.012, "a DynamoDB transaction takes, s", "about twice a plain write"),
    "queue": Assumption(0.010, "a call of SQS takes, s", "usual within a region"),
    "socket": Assumption(0.020, "a post to a socket takes, s", "usual within a region"),
    "push": Assumption(0.150, "a post to a push service takes, s", "another network, a new TLS connection now and then"),
    "tls_ms": Assumption(
        1.5, "a new TLS connection costs in CPU, ms", "not measured here: the loopback receiver speaks http"
    ),
    "tls_most": Assumption(
        16,
        "new TLS connections that one sending opens at most",
        "eight threads to two push services; the rest is kept alive",
    ),
    "cpu_mb": Assumption(1769, "MB that bring one processor", "Lambda developer guide, 'Configure function memory'"),
    "platform_log": Assumption(
        340,
        "START, END and REPORT take in the log, bytes",
        "their usual length; with `LogFormat: JSON` and WARN they vanish",
    ),
    "access_log": Assumption(
        350, "a line of the HTTP API's access log takes, bytes", "its format in infra/aws/resources.yml"
    ),
    "answer_seconds": Assumption(
        10, "somebody answers after, s", "a tick that falls into this time finds the ladder's timer"
    ),
    "socket_minutes": Assumption(
        1, "minutes of the socket that are the ring's", "it was open anyway; see below what that costs"
    ),
    "pollers": Assumption(
        5, "long polls of 20 s on an idle queue at once", "as measured by many; Amazon promises no number"
    ),
    "month_minutes": Assumption(43_800, "minutes a month", "730 hours"),
}


def assumed(name: str) -> float:
    """The value of an assumption."""
    return ASSUMPTIONS[name].value
