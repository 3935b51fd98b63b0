"""What may be kept of somebody's sleep, and for how long: consent, the server's switch, retention."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from smartalarm.accounts.profile import ME, PREFERENCES, Preferences
from smartalarm.errors import Forbidden, NotFound
from smartalarm.ports import Document, Key, Store
from smartalarm.settings import Settings
from smartalarm.sleep.recorded import RECORDING, SUMMARY, Recording, Summary, summary_id

SKEW: Final = timedelta(minutes=2)
"""By how much a device's clock may be ahead of ours."""


def recording_key(user: str, session_id: str) -> Key:
    """Where a session's recording is."""
    return Key(user, RECORDING, session_id)


def preferences_key(user: str) -> Key:
    """Where the user's consent is."""
    return Key(user, PREFERENCES, ME)


def check_recording_is_on(settings: Settings) -> None:
    """Raise NotFound where the server does not analyse sleep: then it records none either."""
    if not settings.ml_enabled:
        raise NotFound("Sleep recording is switched off here.", code="ml_disabled")


def has_consent(user: str, found: Mapping[Key, Document]) -> bool:
    """Whether the preferences among these documents say that sleep may be recorded."""
    preferences = found.get(preferences_key(user))
    return preferences is not None and Preferences.from_fields(preferences.fields).sleep_consent


def check_consent(user: str, found: Mapping[Key, Document]) -> None:
    """Raise Forbidden unless the preferences among these documents say that sleep may be recorded."""
    if not has_consent(user, found):
        raise Forbidden(
            "Sleep is recorded only when you have agreed to it. You can do so in the settings.", code="consent_required"
        )


def is_kept(document: Document, kept: Recording | Summary, settings: Settings, now: datetime) -> bool:
    """Whether a night may still be seen: by the limit of today, and by the one it was stored under."""
    is_expired = document.expires_at is not None and document.expires_at <= now
    return not (document.deleted or is_expired or kept.end + timedelta(days=settings.ml_data_retention_days) <= now)


def read_recording(
    found: Mapping[Key, Document], user: str, session_id: str, settings: Settings, now: datetime
) -> tuple[Recording, int]:
    """The session's recording among these documents, and its version. Raises NotFound."""
    document = found.get(recording_key(user, session_id))
    if document is not None and not document.deleted:
        recording = Recording.from_document(document)
        if is_kept(document, recording, settings, now):
            return recording, document.version
    raise NotFound("There is no such night.")


def read_summary(store: Store, user: str, session_id: str, recording: Recording) -> tuple[Summary, int]:
    """The summary of a session that was just read, and its version. Raises NotFound when it is erased meanwhile."""
    document = store.get(user, SUMMARY, summary_id(session_id, recording.start))
    return Summary.from_document(document), document.version
