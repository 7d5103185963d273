"""Every setting of the service, read from `MYELOMA_CDS_*` variables or given by the command line.

A combination that would be unsafe is refused here, before anything listens.
"""

from __future__ import annotations

import ssl
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from flask.helpers import get_debug_flag
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cds_service.addresses import check_address, check_origin
from cds_service.knowledge.evaluation import Jurisdiction

ENVIRONMENT_PREFIX = "MYELOMA_CDS_"


class SettingsRefused(Exception):
    """The settings do not fit together; the message is one line and repeats no value."""


class Profile(StrEnum):
    """`demo`: this machine only, no tokens unless a tenants file asks for them, any origin. `production`: known callers only."""

    DEMO = "demo"
    PRODUCTION = "production"


class LogLevel(StrEnum):
    """What is logged: this and all that is worse."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """What a running service was told. Unknown variables with the prefix are ignored; empty ones count as not set."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    profile: Profile = Field(default=Profile.DEMO, description="`demo` or `production`.")
    jurisdiction: Jurisdiction = Field(default=Jurisdiction.US, description="Whose labels count: `US` or `EU`.")
    as_of: date | None = Field(
        default=None, description="The day on which charts are judged, YYYY-MM-DD; today when not set. Refused outside `demo`."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Browser origins that may call in `production`, separated by commas. In `demo` every origin may."
    )
    max_body_bytes: int = Field(default=4 * 1024 * 1024, ge=1024, description="Largest request body; more is answered 413.")
    max_in_flight: int = Field(default=16, ge=1, description="Hook calls a worker serves at once; one more is answered 503.")
    fetch_deadline_ms: int = Field(
        default=1500, ge=100, le=10_000, description="Milliseconds that one call may spend on fetching what was not sent."
    )
    fetch_head_start_ms: int = Field(
        default=20,
        ge=0,
        le=10_000,
        description=(
            "Milliseconds to wait for the conditions before the other data is asked for beside them. "
            "When they come sooner and name no myeloma, nothing else is fetched."
        ),
    )
    ca_file: Path | None = Field(
        default=None,
        description=(
            "PEM file of the certificate authorities to trust for calls to FHIR and key servers, in place of the public ones. "
            "For a hospital that signs its own certificates."
        ),
    )
    base_url: str | None = Field(
        default=None,
        description="The public base URL of the service, which tokens must be made out to. Required in `production`.",
    )
    tenants: Path | None = Field(
        default=None,
        description="TOML file that names the callers; with it, every call needs a token. Required in `production`.",
    )
    state_dir: Path | None = Field(
        default=None,
        description="Directory for what outlives a restart, shared by the workers; `~/.local/state/myeloma-cds` when not set.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description=(
            "Database for answers and feedback, `sqlite:///…` or `postgresql://…`; a file in the state directory when not set. "
            "In `production` a database named here is brought to a new release by `myeloma-cds migrate` only."
        ),
    )
    retention_days: int = Field(default=365, ge=1, description="Days that answers and feedback are kept.")
    metrics: bool | None = Field(
        default=None, description="Whether `/metrics` answers. It asks for no token: when not set, it does in `demo` only."
    )
    log_level: LogLevel | None = Field(
        default=None, description="`info`, `warning` or `error`; `warning` in `demo` and `info` in `production` when not set."
    )
    debug: bool = Field(
        default=False, description="Print what failed in full, which may show parts of a chart. Refused in `production`."
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _origins_are_exact(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check_origin(origin) for origin in value)

    @field_validator("ca_file")
    @classmethod
    def _holds_certificates(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                ssl.create_default_context(cafile=value)
            except OSError:  # SSLError is one
                raise ValueError("it is not a readable PEM file of certificates") from None
        return value

    @field_validator("base_url")
    @classmethod
    def _has_no_slash_at_its_end(cls, value: str | None) -> str | None:
        return value and check_address(value, http_to_this_machine=True).rstrip("/")

    @property
    def state_folder(self) -> Path:
        """The directory for what outlives a restart. Raises RuntimeError when none is set and the user has no home."""
        return self.state_dir or Path.home() / ".local" / "state" / "myeloma-cds"

    @property
    def serves_metrics(self) -> bool:
        """Whether `/metrics` answers."""
        return self.profile is Profile.DEMO if self.metrics is None else self.metrics

    @property
    def logs_from(self) -> LogLevel:
        """The least that is logged."""
        return self.log_level or (LogLevel.WARNING if self.profile is Profile.DEMO else LogLevel.INFO)

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if self.profile is Profile.PRODUCTION:
            if self.as_of is not None:
                raise ValueError("as_of is for the demo profile only")
            if self.debug or get_debug_flag():
                raise ValueError("debug (or FLASK_DEBUG) is for the demo profile only")
            if self.base_url is None or not self.base_url.startswith("https://"):
                raise ValueError("the production profile needs base_url, an https URL")
            if self.tenants is None:
                raise ValueError("the production profile needs tenants, the file that names the callers")
        return self


def load_settings(**given: object) -> Settings:
    """The settings from the environment, with those `given` (None: not given) in their place.

    Raises SettingsRefused with one line that names the setting and repeats no value.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as refused:
        first = refused.errors(include_input=False, include_url=False)[0]
        name = "".join(f"{part}: " for part in first["loc"][:1])
        raise SettingsRefused(f"{name}{first['msg'].removeprefix('Value error, ')}") from None
