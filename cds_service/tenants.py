"""The organisations that may call, read from one TOML file: who signs their calls, with which keys, and what holds for them.

Whatever the service dials on behalf of a caller stands here; a URL in a request is only ever compared with it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from cds_service.addresses import check_address, check_origin
from cds_service.fhir_address import canonical
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.settings import Profile, SettingsRefused

# Its private key is published with its source: whoever wants to can sign as this issuer.
PUBLIC_SANDBOX = "sandbox.cds-hooks.org"

Algorithm = Literal["ES384", "RS384", "ES256", "RS256", "PS384"]
_Name = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,512}$")]
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class TenantsRefused(SettingsRefused):
    """The tenants file cannot be used; the message is one line, names tenant and key, and repeats no value."""


class Tenant(BaseModel):
    """One block of the file. `jwks_url` beside `jwks_file` only says which `jku` its tokens carry: it is then not dialled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Id
    issuer: _Name
    jwks_url: str | None = None
    jwks_file: Path | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("ES384", "RS384")
    audience: tuple[_Name, ...] = ()
    subject: _Name | None = None
    token_tenants: tuple[_Name, ...] = ()
    max_token_seconds: int = Field(default=900, ge=30, le=3600, strict=True)
    may_reuse_tokens: bool = Field(default=False, strict=True)
    fhir_base_urls: tuple[str, ...] = ()
    client_id: _Name | None = None
    jurisdiction: Jurisdiction | None = None
    cors_origins: tuple[str, ...] = ()
    max_calls_per_minute: int | None = Field(default=None, ge=1, strict=True)

    @field_validator("issuer", "jwks_url")
    @classmethod
    def _is_not_the_public_sandbox(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and _in_production(info) and PUBLIC_SANDBOX in value.lower():
            raise ValueError("the public sandbox signs with a key that everyone has; it may not call a production service")
        return value

    @field_validator("jwks_url")
    @classmethod
    def _keys_come_safely(cls, value: str | None, info: ValidationInfo) -> str | None:
        return value and check_address(value, http_to_this_machine=not _in_production(info))

    @field_validator("fhir_base_urls")
    @classmethod
    def _charts_come_safely(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for url in value:
            check_address(url, http_to_this_machine=not _in_production(info))
            if canonical(url) is None:
                raise ValueError("the host or path of the URL is not written plainly")
        return tuple(url.rstrip("/") for url in value)

    @field_validator("cors_origins")
    @classmethod
    def _origins_are_exact(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check_origin(origin) for origin in value)

    @model_validator(mode="after")
    def _has_keys(self) -> Self:
        if self.jwks_url is None and self.jwks_file is None:
            raise ValueError("jwks_url or jwks_file must say where its keys are")
        return self


def load_tenants(file: Path, profile: Profile) -> tuple[Tenant, ...]:
    """The tenants of the file, in its order; a relative `jwks_file` is looked for beside it. Raises TenantsRefused."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as failed:
        raise TenantsRefused(f"the tenants file cannot be read: {failed.strerror}") from None
    except UnicodeDecodeError:
        raise TenantsRefused("the tenants file is not UTF-8") from None
    except tomllib.TOMLDecodeError as wrong:
        line = str(wrong).rpartition("(at ")[2].rstrip(")")
        raise TenantsRefused(f"the tenants file is not TOML: {line}") from None
    blocks = content.pop("tenant", [])
    if content:
        raise TenantsRefused("the tenants file may hold [[tenant]] blocks and nothing else")
    if not isinstance(blocks, list) or not blocks:
        raise TenantsRefused("the tenants file names no [[tenant]]")
    tenants = tuple(_tenant(number, block, profile, file.parent) for number, block in enumerate(blocks, 1))
    for key in ("id", "issuer"):
        if len({getattr(tenant, key) for tenant in tenants}) < len(tenants):
            raise TenantsRefused(f"two tenants have the same {key}")
    return tenants


def origins_of(tenants: Iterable[Tenant]) -> tuple[str, ...]:
    """The browser origins of all of them, sorted: a preflight carries no token, so it cannot be told whose it is."""
    return tuple(sorted({origin for tenant in tenants for origin in tenant.cors_origins}))


def hosts_of(tenant: Tenant) -> tuple[str, ...]:
    """The hosts that may be dialled for this tenant."""
    keys = [tenant.jwks_url] if tenant.jwks_url and not tenant.jwks_file else []
    return tuple(dict.fromkeys(urlsplit(url).netloc for url in (*keys, *tenant.fhir_base_urls)))


def _tenant(number: int, block: object, profile: Profile, folder: Path) -> Tenant:
    try:
        tenant = Tenant.model_validate(block, context={"profile": profile})
    except ValidationError as refused:
        first = refused.errors(include_input=False, include_url=False, include_context=False)[0]
        # A key that is unknown may be anything, a pasted secret too: only keys of ours are named.
        key = f"{first['loc'][0]}: " if first["loc"] and first["loc"][0] in Tenant.model_fields else ""
        known = ", ".join(Tenant.model_fields)
        what = f"unknown key; known are {known}" if first["type"] == "extra_forbidden" else first["msg"]
        raise TenantsRefused(f"tenant {number}: {key}{what.removeprefix('Value error, ')}") from None
    if tenant.jwks_file is not None:
        return tenant.model_copy(update={"jwks_file": folder / tenant.jwks_file})
    return tenant


def _in_production(info: ValidationInfo) -> bool:
    return bool(info.context and info.context["profile"] is Profile.PRODUCTION)
