"""Pushes by brute force: a field's value is the one, of all that was ever written to it, that no other write beats."""

import itertools
import json
import random
from typing import Any, NamedTuple

from scripts.sync_oracle.clocks import DAY_MS, Tick, known_tick, ms_of, read_tick, recorded
from scripts.sync_oracle.values import canonical, canonical_or_none, units

MOST_ORDERS = 120
FIELDS = {
    "alarm": "label enabled schedule time_zone smart_wake_minutes snooze ring category priority instructions tags deleted",
    "skip": "skipped",
    "settings": "theme language hour_cycle first_weekday reduced_motion high_contrast larger_text simplified_mode "
    "hide_label_on_lock_screen sleep_consent sleep_goal_minutes",
    "profile": "name locale time_zone",
    "device": "name platform ring push_subscription deleted",
    "answer": "occurrence_id event ring at minutes",
}
READ_ONLY = {"occurrence"}


class Write(NamedTuple):
    """One value that was ever written to one field."""

    kind: str
    entity_id: str
    name: str
    tick: Tick | None
    text: str


def beats(one: Write, other: Write) -> bool:
    """Whether a write is the later one: by its clock, then by its value; without a clock it is the earliest."""
    keys = []
    for write in (one, other):
        when = (-1, []) if write.tick is None else (write.tick.number, units(write.tick.client))
        keys.append((when, units(write.text)))
    return keys[0] > keys[1]


def standing(log: list[Write]) -> list[Write]:
    """Of every field the write that no other beats."""
    fields = {write[:3]: [w for w in log if w[:3] == write[:3]] for write in log}
    return sorted({next(w for w in ws if not any(beats(o, w) for o in ws)) for ws in fields.values()}, key=lambda w: w[:3])


def refusal(mutation: dict[str, Any], now_ms: int) -> dict[str, str] | None:
    """Why a mutation is refused, the first reason there is."""
    names = sorted(mutation["fields"], key=units)
    tick = read_tick(mutation["clock"])
    reasons = [
        ("read_only_kind", "/kind", mutation["kind"] in READ_ONLY),
        ("unknown_kind", "/kind", mutation["kind"] not in FIELDS),
        ("invalid_clock", "/clock", tick is None),
        ("expired", "/clock", tick is not None and now_ms - (tick.number >> 16) > 90 * DAY_MS),
        ("no_fields", "/fields", not names),
    ]
    known = FIELDS.get(mutation["kind"], "").split()
    escaped = {name: "/fields/" + "".join({"~": "~0", "/": "~1"}.get(c, c) for c in name) for name in names}
    reasons += [("unknown_field", escaped[name], name not in known) for name in names]
    for name in names:
        reasons.append(("invalid_value", escaped[name], canonical_or_none(json.dumps(mutation["fields"][name])) is None))
    return next(({"code": code, "pointer": pointer} for code, pointer, holds in reasons if holds), None)


def push(log: list[Write], answers: dict[str, dict[str, Any]], now_ms: int, mutations: list[dict[str, Any]]) -> None:
    """Add what a push writes to the log, and an answer to every mutation that has none."""
    fresh = {mutation["id"]: mutation for mutation in reversed(mutations) if mutation["id"] not in answers}
    ordered = sorted(fresh.values(), key=mutations.index)
    admitted = [mutation for mutation in ordered if refusal(mutation, now_ms) is None]
    touched = {(mutation["kind"], mutation["entity_id"]) for mutation in admitted}
    seen = max((w.tick.number for w in log if w.tick and (w.kind, w.entity_id) in touched), default=None)
    ticks = dict(
        zip(
            [mutation["id"] for mutation in admitted],
            recorded(now_ms, seen, [known_tick(mutation["clock"]) for mutation in admitted]),
            strict=True,
        )
    )
    for mutation in ordered:
        key, tick = mutation["id"], ticks.get(mutation["id"])
        if tick is None:
            answers[key] = {
                "id": key,
                "outcome": "rejected",
                "clock": mutation["clock"],
                **(refusal(mutation, now_ms) or {}),
            }
            continue
        own = [
            Write(mutation["kind"], mutation["entity_id"], name, tick, canonical(value))
            for name, value in mutation["fields"].items()
        ]
        log += own
        now_standing = standing(log)
        won = sum(write in now_standing for write in own)
        outcome = "superseded" if won == 0 else "applied" if won == len(own) else "merged"
        answers[key] = {"id": key, "outcome": outcome, "clock": tick.text}


def played(case: dict[str, Any], pushes: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """The outcomes of every push, and the entities at the end."""
    log = [
        Write(entity["kind"], entity["id"], name, read_tick(entity["clocks"].get(name, "")), canonical(value))
        for entity in case.get("entities", [])
        for name, value in entity["fields"].items()
    ]
    answers: dict[str, dict[str, Any]] = {}
    outcomes = []
    for sent in pushes:
        mutations = [json.loads(item) if isinstance(item, str) else item for item in sent["mutations"]]
        push(log, answers, ms_of(sent["now"]), mutations)
        outcomes.append([answers[mutation["id"]] for mutation in mutations])
    entities = []
    for (kind, entity_id), writes in itertools.groupby(standing(log), key=lambda write: write[:2]):
        kept = list(writes)
        fields = {write.name: json.loads(write.text) for write in kept}
        clocks = {write.name: write.tick.text for write in kept if write.tick}
        entities.append(
            {"kind": kind, "id": entity_id, "deleted": fields.get("deleted") is True, "fields": fields, "clocks": clocks}
        )
    return outcomes, entities


def scenario(case: dict[str, Any]) -> dict[str, Any]:
    """What a scenario comes to, and whether every other order of its mutations comes to the same entities."""
    outcomes, entities = played(case, case["pushes"])
    mutations = [mutation for sent in case["pushes"] for mutation in sent["mutations"]]
    orders: Any = itertools.permutations(mutations)
    if len(mutations) > 5:  # noqa: PLR2004
        shuffler = random.Random(8785)  # noqa: S311  an order, not a secret
        orders = [shuffler.sample(mutations, len(mutations)) for _ in range(MOST_ORDERS)]
    is_any_order = True
    for order in orders:
        left = iter(order)
        pushes = [{**sent, "mutations": list(itertools.islice(left, len(sent["mutations"])))} for sent in case["pushes"]]
        is_any_order = is_any_order and played(case, pushes)[1] == entities
    return {"outcomes": outcomes, "entities": entities, "any_order": is_any_order}
