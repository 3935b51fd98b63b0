"""The app's files: how long each is kept, in which order they arrive, and what is left alone."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts.deployment.site import ASK_FIRST, FOR_EVER, cache_control, content_type, delete_bucket, upload
from tests.deployment.conftest import Client


@pytest.mark.parametrize(
    ("key", "kept", "kind"),
    [
        ("index.html", ASK_FIRST, "text/html; charset=utf-8"),
        ("sw.js", ASK_FIRST, "text/javascript; charset=utf-8"),
        ("manifest.webmanifest", ASK_FIRST, "application/manifest+json"),
        ("assets/index-B3xKq9_a.js", FOR_EVER, "text/javascript; charset=utf-8"),
        ("assets/index-DiwrgTda.css", FOR_EVER, "text/css; charset=utf-8"),
        ("assets/sunrise.mp3", ASK_FIRST, "audio/mpeg"),
        ("models/stager-0123abcd.onnx", ASK_FIRST, "application/octet-stream"),
    ],
)
def test_only_a_file_named_by_its_content_is_kept_for_ever(key: str, kept: str, kind: str) -> None:
    """A worker or a page that were kept would keep everybody on an old version."""
    assert (cache_control(key), content_type(key)) == (kept, kind)


def test_only_what_changed_is_uploaded_and_old_files_go_after_a_month(client: Client, tmp_path: Path) -> None:
    """Open tabs still ask for the last build's files."""
    s3, bucket = client("s3"), f"site-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    (tmp_path / "assets").mkdir()
    for name, text in (("index.html", "<p>1"), ("sw.js", "1"), ("assets/a-12345678.js", "1")):
        (tmp_path / name).write_text(text)
    lines: list[str] = []
    now = datetime.now(UTC)
    assert upload(s3, bucket, tmp_path, now, lines.append) == 3
    assert upload(s3, bucket, tmp_path, now, lines.append) == 0
    page = s3.head_object(Bucket=bucket, Key="index.html")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", ASK_FIRST)

    (tmp_path / "assets/a-12345678.js").rename(tmp_path / "assets/b-12345678.js")
    assert upload(s3, bucket, tmp_path, now, lines.append) == 1
    assert s3.head_object(Bucket=bucket, Key="assets/a-12345678.js")["CacheControl"] == FOR_EVER
    upload(s3, bucket, tmp_path, now + timedelta(days=31), lines.append)
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert keys == ["assets/b-12345678.js", "index.html", "sw.js"]
    assert lines[-1] == "App: 0 of 3 files uploaded, 1 old ones removed."

    delete_bucket(s3, bucket)
    assert bucket not in [found["Name"] for found in s3.list_buckets()["Buckets"]]
