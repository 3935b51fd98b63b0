"""A client that pulls, as a test sees it."""

from typing import Any
from urllib.parse import quote

from tests.functions.front_door import FrontDoor


class Client:
    """What a device knows: it replaces by (kind, id) and forgets what is deleted."""

    def __init__(self, door: FrontDoor, token: str, limit: int = 200) -> None:
        self._door, self.token, self.limit = door, token, limit
        self.cursor = "0"
        self.known: dict[tuple[str, str], Any] = {}
        self.zones: dict[str, Any] = {}
        self.pages = 0

    def pull(self) -> list[Any]:
        """All pages; their items."""
        seen: list[Any] = []
        for _ in range(1000):
            answer = self.pull_page()
            seen += answer["changes"]
            if not answer["more"]:
                return seen
        raise AssertionError("the pull does not end")

    def pull_page(self) -> Any:
        """One page, applied."""
        query = f"/sync/pull?cursor={quote(self.cursor)}&limit={self.limit}"
        answer = self._door.json("GET", query, token=self.token)
        assert len(answer["changes"]) <= self.limit
        for item in answer["changes"]:
            self.known.pop((item["kind"], item["id"]), None)
            if not item["deleted"]:
                self.known[item["kind"], item["id"]] = item
        self.zones |= answer["zones"]
        self.cursor = answer["cursor"]
        self.pages += 1
        return answer

    def coming(self) -> list[str]:
        """The local times of what is to come."""
        items = [item for (kind, _), item in self.known.items() if kind == "occurrence" and item["version"] == 0]
        return sorted(item["fields"]["local"] for item in items)
