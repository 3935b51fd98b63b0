"""The app's files in the site bucket, with how long each may be kept, and CloudFront told about it."""

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

# Vite puts a hash of its content into a file's name: another content, another name.
_HASHED = re.compile(r"(^|/)assets/.+-[A-Za-z0-9_-]{8,}\.\w+$")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
# Open tabs still ask for the files of the build they came from.
KEPT_FOR = timedelta(days=30)
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".wasm": "application/wasm",
    ".onnx": "application/octet-stream",
    ".map": "application/json",
}
DELETED_AT_ONCE = 1000


def cache_control(key: str) -> str:
    """What browsers and edges may do with the file: index.html, the worker and the manifest are asked for each time."""
    return FOR_EVER if _HASHED.search(key) else ASK_FIRST


def content_type(key: str) -> str:
    """Its media type; texts are UTF-8."""
    known = _TYPES.get(Path(key).suffix.lower())
    guessed = known or mimetypes.guess_type(key)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") and "charset" not in guessed else guessed


def upload(client: Any, bucket: str, folder: Path, now: datetime, say: Callable[[str], None]) -> int:
    """Put what is new or other than before; index.html last, so that nobody gets a page whose parts are not there yet.

    Gives how many files were put. What no build needs any more goes after 30 days. `client` is boto3's for S3.
    """
    there = {item["Key"]: item for item in _listed(client, bucket)}
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    put = 0
    for key in sorted(files, key=lambda key: (not _HASHED.search(key), key == "index.html", key)):
        content = files[key].read_bytes()
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()  # what S3 calls ETag
        if there.get(key, {}).get("ETag", "").strip('"') == digest:
            continue
        client.put_object(
            Bucket=bucket, Key=key, Body=content, ContentType=content_type(key), CacheControl=cache_control(key)
        )
        put += 1
    old = [key for key, item in there.items() if key not in files and item["LastModified"] < now - KEPT_FOR]
    for key in old:
        client.delete_object(Bucket=bucket, Key=key)
    say(f"App: {put} of {len(files)} files uploaded, {len(old)} old ones removed.")
    return put


def invalidate(client: Any, distribution: str, reference: str) -> None:
    """Let the edges forget what they hold; one path, of which 1,000 a month are free. `client` is boto3's for CloudFront."""
    paths = {"Quantity": 1, "Items": ["/*"]}
    client.create_invalidation(DistributionId=distribution, InvalidationBatch={"Paths": paths, "CallerReference": reference})


def delete_bucket(client: Any, bucket: str) -> None:
    """Every version of every file, and the bucket."""
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket)
    for page in pages:
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        for start in range(0, len(found), DELETED_AT_ONCE):
            objects = [
                {"Key": item["Key"], "VersionId": item["VersionId"]} for item in found[start : start + DELETED_AT_ONCE]
            ]
            client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    client.delete_bucket(Bucket=bucket)


def _listed(client: Any, bucket: str) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from page.get("Contents", [])
