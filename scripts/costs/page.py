"""docs/cost.md: page.md beside this file, with the tables and figures that follow from counts, prices and assumptions."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any, Final

from scripts.costs import model
from scripts.costs.model import ANSWER, COLUMNS, RING, Bill, Counts
from scripts.costs.prices import ASSUMPTIONS, CHECKED_ON, MILLION, PRICES, assumed

GOALS: Final = {1: 45.0, 25: 25.0}
IDLE_GOAL: Final = 0.50
GOAL_SECONDS: Final = 0.25
MEMORIES: Final = (256, 512, 1024, 1769)
BATCHES: Final = (
    (1, 1, "1 ring"),
    (25, 1, "25 in one message"),
    (25, 2, "50 in two messages"),
    (25, 10, "250 in ten messages"),
)

_LEDGER: Final = {
    "claimed": "It rings once, whoever else tries: occurrence, the alarm's next timer and the watch stand together, "
    "and the watch heals a crash.",
    "sent": "`sent` and `accepted` for each device: the answer to 'why did it (not) ring?'. The watch becomes the ladder: "
    "what nobody noticed is sent again after 30 s.",
    "shown": "The first rung stays quiet because a device did show it; the ledger says which, and when.",
    "dismissed": "The answer is durable before anybody hears of it, the ladder ends, the announcement cannot be lost.",
    "stopped": "`stop_sent` for each device, and the announcement's timer goes; else every tick would stop them again.",
}

Rows = list[Sequence[str]]


def page(counts: Counts) -> str:
    """The whole document."""
    bills = {together: model.bill(counts, together) for together in GOALS}
    one, many = bills[1], bills[25]
    core = sum(model.idle(counts).values())
    open_month = PRICES["socket_minutes"].of(8 * 60 * 30)
    text = Template((Path(__file__).parent / "page.md").read_text())
    return text.substitute(
        summary=_summary(bills),
        ring_verdict=_verdict(all(bills[number].of(RING) <= goal for number, goal in GOALS.items())),
        both_verdict="stay below them, too" if all(b.total <= GOALS[n] for n, b in bills.items()) else "are above them",
        year_cents=f"{365 * one.total / MILLION * 100:.1f}",
        core=f"{core:.2f}",
        core_and_secret=f"{core + PRICES['secrets'].usd:.2f}",
        idle_goal=f"{IDLE_GOAL:.2f}",
        checked_on=CHECKED_ON,
        prices=_prices(),
        answer_seconds=f"{assumed('answer_seconds'):.0f}",
        bill_1=_itemised(one),
        bill_25=_itemised(many),
        hold=_hold(bills),
        hold_seconds=f"{assumed('hold_seconds'):.0f}",
        ledger=_ledger(counts),
        index_ring=f"{_index_writes(counts, 'claimed', 'sent'):.2f}",
        index_answer=f"{_index_writes(counts, 'shown', 'dismissed', 'stopped'):.2f}",
        cpu=_cpu(counts),
        first_call=counts["first_call_cpu_ms"],
        least_hold=f"{assumed('least_hold_seconds'):g}",
        share=_share(counts),
        throttled=_throttled(counts),
        idle=_idle(counts),
        other_way=_other_way(counts),
        ring_1=f"{one.of(RING):.2f}",
        ring_25=f"{many.of(RING):.2f}",
        socket_month=f"{open_month:.4f}",
        socket_days=f"{open_month * MILLION / 30:.0f}",
        storage=f"{PRICES['storage'].usd:.2f}",
        recovery=f"{PRICES['recovery'].usd:.2f}",
        secret_calls=f"{PRICES['secret_calls'].usd:.2f}",
        metric=f"{PRICES['metrics'].usd:.2f}",
        assumptions=_table([("what", "figure", "why"), *((a.what, f"{a.value:,g}", a.why) for a in ASSUMPTIONS.values())]),
    )


def _verdict(holds: bool) -> str:  # noqa: FBT001  the verdict itself
    return "keeps its goals" if holds else "**misses a goal**"


def _summary(bills: Mapping[int, Bill]) -> str:
    one, many = bills[1], bills[25]
    goals = f"<= {GOALS[1]:.0f} and <= {GOALS[25]:.0f}"
    rows: Rows = [("USD per million", *(f"{number} ring{'s' * (number > 1)} a message" for number in GOALS), "goal")]
    rows.append(("**rings**", f"**{one.of(RING):.2f}**", f"**{many.of(RING):.2f}**", goals))
    rows.append(("their answers", *_usd(one.of(ANSWER), many.of(ANSWER)), ""))
    rows.append(("both", *_usd(one.total, many.total), ""))
    return _table(rows)


def _prices() -> str:
    rows: Rows = [("what", "USD", "per", "page", "to be sure")]
    for price in PRICES.values():
        usd = f"{price.usd:.10f}".rstrip("0").rstrip(".")
        per = price.unit if price.per == 1 else f"{price.per:,} {price.unit}"
        rows.append((price.what, usd, per, price.source, price.doubt))
    return _table(rows)


def _itemised(bill: Bill) -> str:
    rows: Rows = [("step", *COLUMNS, "sum")]
    for steps, name in ((RING, "**the ring**"), (ANSWER, "**the answer**")):
        rows += [(step, *_usd(*bill.rows[step].values()), *_usd(bill.row(step))) for step in steps]
        sums = [sum(bill.rows[step][column] for step in steps) for column in COLUMNS]
        rows.append((name, *_usd(*sums), f"**{bill.of(steps):.2f}**"))
    return _table(rows)


def _hold(bills: Mapping[int, Bill]) -> str:
    rows: Rows = [("", "1 ring a message", "25 rings a message")]
    rows.append(("holding, USD per million rings", *_usd(*(bill.hold for bill in bills.values()))))
    rows.append(("of the ring's price", *(f"{100 * bill.hold / bill.of(RING):.0f} %" for bill in bills.values())))
    return _table(rows)


def _ledger(counts: Counts) -> str:
    parts = ("seq", "document", "change feed", "timer", "due index")
    rows: Rows = [("entry", *parts, "units", "USD per million", "what it buys")]
    for name, bought in _LEDGER.items():
        commit = counts["rings"]["1"]["commits"][name]
        units = sum(commit.values())
        numbers = [str(commit.get(part, "")) for part in parts]
        rows.append((name, *numbers, str(units), *_usd(PRICES["write_units"].of(units * MILLION)), bought))
    return _table(rows)


def _index_writes(counts: Counts, *entries: str) -> float:
    """USD per million for what transactions write to indexes."""
    commits = counts["rings"]["1"]["commits"]
    units = sum(commits[entry].get(index, 0) for entry in entries for index in ("change feed", "due index"))
    return PRICES["write_units"].of(units * MILLION)


# ---------------------------------------------------------------------------------------------------- memory


def _cpu(counts: Counts) -> str:
    said = []
    for together in GOALS:
        cpu = counts["rings"][str(together)]["phases"]["ring"]["cpu_ms"]
        arm, claim, send = (f"{cpu[part]:.0f}" for part in ("to_claim", "of_claim", "to_last_send"))
        said.append(f"{arm} ms to arm, {claim} to claim and {send} to send {together}")
    return "; ".join(said)


def _share(counts: Counts) -> str:
    names = [f"{name}, warm" for *_, name in BATCHES]
    rows: Rows = [("memory", "processors", *names, "1 ring, cold", "holds alone, USD per million")]
    for memory in MEMORIES:
        share = memory / assumed("cpu_mb")
        warm = [_late(counts, together, times, share, 0.0) for together, times, _ in BATCHES]
        cold = _late(counts, 1, 1, share, counts["first_call_cpu_ms"] / 1000)
        holds = PRICES["lambda_seconds"].of(memory / 1024 * assumed("hold_seconds")) * MILLION
        rows.append((f"{memory} MB", f"{share:.2f}", *map(_milliseconds, warm), _milliseconds(cold), *_usd(holds)))
    return _table(rows)


def _throttled(counts: Counts) -> str:
    measured: Mapping[str, Mapping[str, float]] = counts["throttled"]
    rows: Rows = [("memory", *next(iter(measured.values())))]
    for memory, found in sorted(measured.items(), key=lambda pair: int(pair[0])):
        rows.append((f"{memory} MB", *(_milliseconds(late / 1000) for late in found.values())))
    return _table(rows)


def _late(counts: Counts, together: int, times: int, share: float, extra: float) -> float:
    """Seconds after the instant at which the last message leaves: what did not fit into the hold, and the sending."""
    phase = counts["rings"][str(together)]["phases"]["ring"]
    before = times * (phase["cpu_ms"]["to_claim"] + phase["cpu_ms"]["of_claim"]) / 1000 + extra
    network = 5 * assumed("read") + assumed("write")
    send = times * model.cpu_seconds(phase, "to_last_send")
    starting = assumed("start_seconds") if extra else 0.0
    return float(max(0.0, starting + before / share + network - assumed("least_hold_seconds")) + send / share)


def _milliseconds(seconds: float) -> str:
    text = f"{seconds * 1000:,.0f} ms"
    return text if seconds <= GOAL_SECONDS else f"**{text}**"


# ---------------------------------------------------------------------------------------------------- fixed prices


def _idle(counts: Counts) -> str:
    lines = model.idle(counts)
    core = sum(lines.values())
    secret, alarm, metric = (PRICES[name].usd for name in ("secrets", "alarms", "metrics"))
    rows: Rows = [("a month", "USD"), *((name, f"{usd:.3f}") for name, usd in lines.items())]
    rows.append((f"**core**: all that ringing needs (goal <= {IDLE_GOAL:.2f})", f"**{core:.3f}**"))
    rows.append(("Secrets Manager, the stage's one secret", f"{secret:.3f}"))
    rows.append(("**core and secret**", f"**{core + secret:.3f}**"))
    rows.append(("the stage's nine CloudWatch alarms (an account's first ten are free)", f"{9 * alarm:.3f}"))
    rows.append(("each custom metric written in every hour (the first ten are free); none while idle", f"{metric:.3f}"))
    return _table(rows)


def _other_way(counts: Counts) -> str:
    lines = model.one_schedule_each(counts)
    rows: Rows = [("per million rings", "USD"), *((name, f"{usd:.2f}") for name, usd in lines.items())]
    rows.append(("**in all**", f"**{sum(lines.values()):.2f}**"))
    return _table(rows)


def _usd(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.2f}" if round(value, 2) else "" for value in values)


def _table(rows: Iterable[Sequence[Any]]) -> str:
    head, *body = [[str(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *body))
