"""What an account says about its owner: the profile, the preferences, and their shapes on the wire (/me)."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from smartalarm.accounts.email_address import EmailAddress
from smartalarm.accounts.password_rules import NewPassword
from smartalarm.alarms.zones import ZoneName
from smartalarm.change import ABSENT, Change
from smartalarm.instants import Instant
from smartalarm.ports import Document, JsonObject
from smartalarm.text import Name

PROFILE: Final = "profile"
PREFERENCES: Final = "settings"
ME: Final = "me"
"""Both documents have this id: there is one of each."""

LocaleTag = Annotated[
    str,
    StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"),
    Field(examples=["en", "pt-BR"]),
]
"""A language tag of BCP 47, by its shape."""


class Preferences(BaseModel):
    """How the app looks and behaves for its owner, on all devices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: Literal["system", "light", "dark"] = "system"
    language: Literal["en", "pt-BR", "es"] | None = Field(None, description="null follows the device")
    hour_cycle: Literal["auto", "h12", "h23"] = "auto"
    first_weekday: Literal["auto", "monday", "sunday", "saturday"] = "auto"
    reduced_motion: bool = False
    high_contrast: bool = False
    larger_text: bool = False
    simplified_mode: bool = False
    hide_label_on_lock_screen: bool = False
    sleep_consent: bool = Field(default=False, description="whether sleep may be recorded and analysed")
    sleep_goal_minutes: int = Field(480, ge=240, le=720)

    @classmethod
    def from_fields(cls, fields: JsonObject) -> Self:
        """The stored preferences; what an older version did not know has its default."""
        return cls.model_validate({name: fields[name] for name in cls.model_fields if name in fields})


class NewAccount(BaseModel):
    """The body of a registration."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    email: EmailAddress
    password: NewPassword
    name: Name | None = Field(None, description="null: the e-mail address up to the @")
    time_zone: ZoneName
    locale: LocaleTag = "en"


class ProfileChange(Change):
    """The body of PATCH /me. `settings` are replaced whole: what is left out has its default again."""

    name: Name = ABSENT
    locale: LocaleTag = ABSENT
    time_zone: ZoneName = ABSENT
    settings: Preferences = ABSENT


class MeView(BaseModel):
    """The signed-in user as /me shows it. The password is nowhere in it."""

    model_config = ConfigDict(frozen=True)

    id: str
    email: str
    name: str
    locale: str
    time_zone: str
    settings: Preferences
    version: int
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, profile: Document, preferences: Document | None) -> Self:
        """The view of the two stored documents; `version` is the profile's."""
        own: dict[str, Any] = {name: profile.fields[name] for name in _KEPT}
        settings = Preferences.from_fields(preferences.fields if preferences else {})
        return cls(id=profile.user, version=profile.version, settings=settings, **own)


_KEPT: Final = ("email", "name", "locale", "time_zone", "created_at", "updated_at")
