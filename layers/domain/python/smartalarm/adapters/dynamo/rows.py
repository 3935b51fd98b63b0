"""Items to entities and back, and how items are named. An instant is a Number of microseconds UTC."""

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

from smartalarm.adapters.dynamo.driver import Item
from smartalarm.adapters.dynamo.table import shard_of
from smartalarm.errors import Invalid, TooLarge
from smartalarm.ports import Claim, Cursor, Document, Timer, order_key
from smartalarm.storage.jsontext import json_to_text, text_to_json
from smartalarm.storage.rules import is_storable

ROOT, CLAIM = "root", "claim"
DOCUMENTS, TIMERS, MARKS = "d#", "t#", "c#"
MAX_NAME_BYTES = 900  # a sort key holds 1,024 bytes, our own prefixes included
MAX_TEXT_BYTES = 400 * 1024 - 4096  # an item holds 400 KB, names and keys included
PACKED_FROM_BYTES = 512  # below it, an item is written for one unit anyway

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


# ------------------------------------------------------------------------------------------------ values


def instant_to_micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def micros_to_instant(micros: int) -> datetime:
    """The instant again."""
    return _EPOCH + timedelta(microseconds=micros)


def text(value: str) -> dict[str, str]:
    """A String."""
    return {"S": value}


def number(value: int) -> dict[str, str]:
    """A Number."""
    return {"N": str(value)}


def instant(at: datetime) -> dict[str, str]:
    """A Number that is an instant."""
    return number(instant_to_micros(at))


def read_instant(item: Item, name: str) -> datetime | None:
    """The instant under that name, if there is one."""
    return micros_to_instant(int(item[name]["N"])) if name in item else None


def expiry(expires_at: datetime | None) -> Item:
    """Both forms of an expiry: the exact instant, and the full second after it for DynamoDB's own removal."""
    if expires_at is None:
        return {}
    micros = instant_to_micros(expires_at)
    return {"expires_at": number(micros), "ttl": number(-(-micros // 1_000_000))}


def is_name(*parts: str) -> bool:
    """Whether an item could have this name; what could not is absent."""
    return sum(len(part.encode(errors="replace")) for part in parts) <= MAX_NAME_BYTES and all(map(is_storable, parts))


def check_name(*parts: str) -> None:
    """Raise Invalid for a name that no item can have."""
    if not is_name(*parts):
        raise Invalid.field("/id", f"is no text of at most {MAX_NAME_BYTES} bytes")


def json_to_value(value: Any) -> dict[str, str]:
    """JSON as a String: floats survive, and one attribute is cheaper to send and read than a map. Raises TooLarge."""
    written = json_to_text(value)
    if len(written.encode()) > MAX_TEXT_BYTES:
        raise TooLarge(f"An entry holds at most {MAX_TEXT_BYTES // 1024} KB")
    return text(written)


def fields_to_value(fields: Any) -> dict[str, Any]:
    """A document's fields: as a String, or packed when they are long. Raises TooLarge.

    A write is paid for by the KB begun, twice in a transaction, and a ledger says the same words over and over: packed, an
    occurrence with all that happens to it stays within the first one.
    """
    value = json_to_value(fields)
    plain = value["S"].encode()
    if len(plain) < PACKED_FROM_BYTES:
        return value
    packed = zlib.compress(plain)
    return {"B": packed} if len(packed) < len(plain) else value


def value_to_fields(value: dict[str, Any]) -> dict[str, Any]:
    """The fields again, however they were written."""
    return text_to_json(value["S"] if "S" in value else zlib.decompress(value["B"]).decode())


# ------------------------------------------------------------------------------------------------ users


def user_key(user: str) -> str:
    """The hash key of all that a user owns."""
    return f"u#{user}"


def users_lookup(shard: int) -> str:
    """The lookup key of the users of a shard."""
    return f"users#{shard}"


def new_root(user: str, seq: int, shards: int) -> Item:
    """A user's first root."""
    lookup = text(users_lookup(shard_of(user, shards)))
    return {"PK": text(user_key(user)), "SK": text(ROOT), "seq": number(seq), "lookup": lookup}


# ------------------------------------------------------------------------------------------------ documents


def document_sort_key(kind: str, document_id: str) -> str:
    """The sort key of a document: lists are sorted by it."""
    return f"{DOCUMENTS}{kind}#{order_key(document_id)}"


def change_place(place: Cursor) -> str:
    """A place in the change feed as text that sorts the same way."""
    return f"{place.seq:012d}#{place.kind}#{place.id}"


def change_place_to_cursor(place: str) -> Cursor:
    """The place again."""
    seq, kind, document_id = place.split("#", 2)
    return Cursor(int(seq), kind, document_id)


def document_to_item(document: Document) -> Item:
    """A document's item."""
    return {
        "PK": text(user_key(document.user)),
        "SK": text(document_sort_key(document.kind, document.id)),
        "version": number(document.version),
        "changed": text(change_place(Cursor(document.seq, document.kind, document.id))),
        "fields": fields_to_value(document.fields),
        **({"deleted": {"BOOL": True}} if document.deleted else {}),
        **expiry(document.expires_at),
    }


def item_to_document(item: Item) -> Document:
    """The document again."""
    place = change_place_to_cursor(item["changed"]["S"])
    return Document(
        user=item["PK"]["S"].partition("#")[2],
        kind=place.kind,
        id=place.id,
        version=int(item["version"]["N"]),
        seq=place.seq,
        fields=value_to_fields(item["fields"]),
        deleted="deleted" in item,
        expires_at=read_instant(item, "expires_at"),
    )


# ------------------------------------------------------------------------------------------------ timers


def timer_sort_key(timer_id: str) -> str:
    """The sort key of a timer."""
    return f"{TIMERS}{timer_id}"


def timer_to_item(timer: Timer, shards: int) -> Item:
    """A timer's item, not handed to anybody."""
    return {
        "PK": text(user_key(timer.user)),
        "SK": text(timer_sort_key(timer.id)),
        "due_shard": text(str(shard_of(timer.user, shards))),
        "due_at": instant(timer.due_at),
        "purpose": text(timer.purpose),
        "subject": text(timer.subject),
        "revision": number(timer.revision),
        "set_at": instant(timer.set_at),
    }


def item_to_timer(item: Item) -> Timer:
    """The timer again."""
    return Timer(
        id=item["SK"]["S"].removeprefix(TIMERS),
        user=item["PK"]["S"].partition("#")[2],
        due_at=micros_to_instant(int(item["due_at"]["N"])),
        purpose=item["purpose"]["S"],
        subject=item["subject"]["S"],
        revision=int(item["revision"]["N"]),
        set_at=micros_to_instant(int(item["set_at"]["N"])),
        handed_at=read_instant(item, "handed_at"),
    )


# ------------------------------------------------------------------------------------------------ claims


def mark_sort_key(key: str) -> str:
    """The sort key of the mark that its owner holds a lasting claim."""
    return f"{MARKS}{key}"


def mark_item(owner: str, key: str) -> Item:
    """The mark."""
    return {"PK": text(user_key(owner)), "SK": text(mark_sort_key(key))}


def claim_key(key: str) -> str:
    """The hash key of a claim."""
    return f"c#{key}"


def owner_lookup(owner: str) -> str:
    """The lookup key of an owner's claims."""
    return f"owner#{owner}"


def claim_to_item(claim: Claim) -> Item:
    """A claim's item."""
    return {
        "PK": text(claim_key(claim.key)),
        "SK": text(CLAIM),
        "lookup": text(owner_lookup(claim.owner)),
        "version": number(claim.version),
        "value": json_to_value(claim.value),
        **expiry(claim.expires_at),
    }


def item_to_claim(item: Item) -> Claim:
    """The claim again."""
    return Claim(
        key=item["PK"]["S"].partition("#")[2],
        owner=item["lookup"]["S"].partition("#")[2],
        value=text_to_json(item["value"]["S"]),
        expires_at=read_instant(item, "expires_at"),
        version=int(item["version"]["N"]),
    )
