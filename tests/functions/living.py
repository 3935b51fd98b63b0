"""A person with some alarms and devices over some days, told at random: what tests of pulls live through."""

import json
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.alarms.alarm import Alarm
from smartalarm.alarms.zones import zone
from smartalarm.instants import instant_to_text
from smartalarm.ports import Commit, Store
from smartalarm.ringing.occurrence import Occurrence
from smartalarm.sync.clock import unix_ms
from tests.fakes import clock_of, memory_world
from tests.functions.front_door import FrontDoor
from tests.functions.pulling import Client

_KEY = SecretStr(generate_vapid_keys()[1])
ZONES = (None, "Europe/Madrid", "America/New_York", "Asia/Kolkata", "Pacific/Apia")
HOME = ("Europe/Madrid", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati")
RULES = (None, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=DAILY;BYHOUR=6,7,22;BYMINUTE=0,30", "FREQ=DAILY;COUNT=3")


class Life:
    """A person with some alarms and devices, over some days; all that happens follows from the seed."""

    def __init__(self, seed: int, replacing: Mapping[type, Callable[[], Any]] | None = None, name: str = "ana") -> None:
        self.random = random.Random(seed)  # noqa: S311  tests repeat
        self.door = FrontDoor(memory_world(replacing, vapid_private_key=_KEY))
        self.alarm_ids = [f"0198c2f2-6f5a-7cc1-8f3e-{number:012x}" for number in range(3)]
        self.pushed = 0
        self.email = f"{name}@example.com"
        signed_in = self.door.register(self.email)
        self.user, self.token = signed_in["user"]["id"], signed_in["access_token"]
        self.store = self.door.world.get(Store)
        self.clock = clock_of(self.door.world)
        self.clients = [Client(self.door, self.token) for _ in range(3)]

    def step(self) -> None:
        """One thing that may happen."""
        edits = (self.create, self.change, self.change, self.delete, self.skip, self.travel, self.push, self.push, self.push)
        self.random.choice((*edits, self.wait, self.ring, self.look, self.look))()

    def create(self) -> None:
        """A new alarm."""
        self.call("POST", "/alarms", {"label": "New", **self.some_fields(), "schedule": self.schedule()}, 201)

    def change(self) -> None:
        """Some fields of one, perhaps the very ones that matter."""
        if alarm := self.some_alarm():
            self.call("PATCH", f"/alarms/{alarm}", self.some_fields(), 200)

    def delete(self) -> None:
        """One less."""
        if alarm := self.some_alarm():
            self.call("DELETE", f"/alarms/{alarm}", None, 204)

    def skip(self) -> None:
        """Leave one out, or take that back."""
        if not (alarm := self.some_alarm()):
            return
        coming = self.call("GET", f"/alarms/{alarm}/occurrences?count=4", None, 200)["items"]
        if coming:
            verb = self.random.choice(("skip", "skip", "unskip"))
            body = {"occurrence_id": self.random.choice(coming)["id"]}
            self.door.send("POST", f"/alarms/{alarm}/{verb}", body, token=self.token)

    def travel(self) -> None:
        """Another zone, or only another name."""
        changed = {"time_zone": self.random.choice(HOME)} if self.random.random() < 0.7 else {"name": "Ana M."}
        self.call("PATCH", "/me", changed, 200)

    def push(self) -> None:
        """An edit made offline, on its own clock: of an alarm (perhaps new, incomplete or deleted), a skip, or the zone."""
        names = [i for c in self.clients for (kind, i), _ in c.known.items() if kind == "occurrence"]
        kind = self.random.choice(("alarm", "alarm", "alarm", "skip", "profile"))
        if kind == "alarm":
            entity, fields = (
                self.random.choice([*self.alarm_ids, self.some_alarm() or self.alarm_ids[0]]),
                self.some_fields(),
            )
            if self.random.random() < 0.4:
                fields["deleted"] = self.random.random() < 0.4
        elif kind == "skip" and names:
            entity, fields = self.random.choice(sorted(names)), {"skipped": self.random.random() < 0.7}
        else:
            kind, entity, fields = "profile", "me", {"time_zone": self.random.choice(HOME)}
        at = unix_ms(self.clock.now()) + self.random.randint(-7_200_000, 600_000)
        self.pushed += 1
        mutation = {
            "id": f"m{self.pushed}",
            "kind": kind,
            "entity_id": entity,
            "fields": fields,
            "clock": f"{at}-0000-phone",
        }
        outcome = self.call("POST", "/sync/push", {"client_id": "phone", "mutations": [mutation]}, 200)["outcomes"][0]
        assert outcome["outcome"] != "rejected", outcome

    def wait(self) -> None:
        """Minutes to days; tokens live for minutes."""
        self.clock.advance(self.random.choice((60, 1800, 3 * 3600, 11 * 3600, 30 * 3600, 70 * 3600)))
        self.token = json.loads(self.door.log_in(self.email).body)["access_token"]
        for client in self.clients:
            client.token = self.token

    def ring(self) -> None:
        """One that some device holds as coming becomes a stored one, as a ring, or an answer given ahead, makes it."""
        ids = sorted({i for c in self.clients for (kind, i), item in c.known.items() if kind == "occurrence"})
        if not ids:
            return
        name = self.random.choice(ids)
        document = self.store.page(self.user, "alarm", first=name[:36], last=name[:36]).items
        if not document:
            return
        at = datetime.fromisoformat(name[37:])
        occurrence = Occurrence.of(Alarm.from_document(document[0]), at, zone("UTC"))
        put = occurrence.claim().to_put(expected=None, keep_days=90)  # type: ignore[arg-type]  # any version
        self.store.commit(Commit(self.user, self.clock.now(), writes=(put,)))

    def look(self) -> None:
        """A device pulls: all, or only a page of some size before it is put away."""
        client = self.random.choice(self.clients)
        client.limit = self.random.choice((1, 2, 3, 7, 200))
        for _ in range(self.random.choice((1, 2, 200))):
            if not client.pull_page()["more"]:
                break

    def schedule(self) -> dict[str, Any]:
        """Around now, one time or many."""
        start = self.clock.now().replace(tzinfo=None, microsecond=0) + timedelta(minutes=self.random.randint(-3000, 3000))
        return {"start": start.isoformat(), "rrule": self.random.choice(RULES)}

    def some_fields(self) -> dict[str, Any]:
        """What a person may change."""
        every = {
            "label": f"L{self.random.randint(0, 9)}",
            "enabled": self.random.random() < 0.6,
            "schedule": self.schedule(),
            "time_zone": self.random.choice(ZONES),
        }
        return {name: every[name] for name in self.random.sample(sorted(every), self.random.randint(1, 3))}

    def some_alarm(self) -> str | None:
        """One of those that there are."""
        page = self.store.page(self.user, "alarm")
        return self.random.choice(page.items).id if page.items else None

    def call(self, method: str, path: str, body: Any, status: int) -> Any:
        """One request that succeeds."""
        return self.door.json(method, path, body, status=status, token=self.token)

    def shown(self, client: Client) -> dict[tuple[str, str], Any]:
        """What a client shows: it forgets by itself what its window has left."""
        now, oldest = instant_to_text(self.clock.now()), instant_to_text(self.clock.now() - timedelta(days=14))
        return {
            key: item
            for key, item in client.known.items()
            if key[0] != "occurrence" or item["fields"]["at"] > (oldest if item["version"] else now)
        }

    def check(self) -> None:
        """Each client, brought up to date from wherever it stands, shows what a new one shows."""
        fresh = Client(self.door, self.token, limit=self.random.choice((1, 5, 200)))
        fresh.pull()
        expected = self.shown(fresh)
        for client in self.clients:
            client.pull()
            assert self.shown(client) == expected
            assert {item["fields"].get("time_zone") for item in client.known.values()} - {None} <= client.zones.keys()
