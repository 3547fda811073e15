"""Types of settings: how the text of a variable becomes a value. No message quotes what was given; it may be a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

Level = Literal["L1", "L2", "L3"]
"""Levels of operators."""


class Secret(SecretStr):
    """A secret that prints as ``***`` wherever it is shown; ``get_secret_value()`` tells it."""

    def __str__(self) -> str:
        return "***"

    def __repr__(self) -> str:
        return "Secret('***')"


def _split_list(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _split_pairs(separator: str) -> Callable[[object], object]:
    def parse(value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs: dict[str, str] = {}
        for number, part in enumerate(value.split(","), start=1):
            name, found, content = (piece.strip() for piece in part.partition(separator))
            if not (name and found and content):
                raise ValueError(f"entry {number} is not of the form name{separator}value")
            if name in pairs:
                raise ValueError(f"entry {number} repeats an earlier name")
            pairs[name] = content
        return pairs

    return parse


def _address(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        # urlsplit's own messages quote the value, which may carry a password.
        try:
            parts = urlsplit(value)
            usable = parts.scheme in schemes and (parts.port is None or parts.port > 0)
        except ValueError:
            usable = False
        if not usable:
            raise ValueError(
                f"must be an address that begins with {' or '.join(f'{name}://' for name in schemes)}"
            )
        return value

    return check


def _secret_address(*schemes: str) -> Callable[[Secret], Secret]:
    check = _address(*schemes)
    return lambda secret: Secret(check(secret.get_secret_value()))


def _web_address(value: str) -> str:
    if not urlsplit(_address("http", "https")(value)).hostname:
        raise ValueError("names no host")
    return value.rstrip("/")


def _without_version(value: str) -> str:
    return value.removesuffix("/v2").rstrip("/")


def _with_async_driver(secret: Secret) -> Secret:
    value = secret.get_secret_value()
    for plain, driver in (
        ("postgres://", "postgresql+asyncpg://"),
        ("postgresql://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if value.startswith(plain):
            return Secret(driver + value.removeprefix(plain))
    return secret


def _domain(value: str) -> str:
    label = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    if not re.fullmatch(rf"{label}(?:\.{label})+", value.lower()):
        raise ValueError("must be a domain name such as guests.example.org")
    return value.lower()


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Port = Annotated[int, Field(ge=0, le=65535)]
Secrets = Annotated[tuple[Secret, ...], BeforeValidator(_split_list)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
DatabaseAddress = Annotated[
    Secret,
    AfterValidator(_with_async_driver),
    AfterValidator(_secret_address("postgresql+asyncpg", "sqlite+aiosqlite")),
]
RedisAddress = Annotated[Secret, AfterValidator(_secret_address("redis", "rediss", "unix"))]
SmtpAddress = Annotated[Secret, AfterValidator(_secret_address("smtp", "smtps", "smtp+starttls"))]
ServerAddress = Annotated[WebAddress, AfterValidator(_without_version)]
DomainName = Annotated[str, AfterValidator(_domain)]
SecretByName = Annotated[Mapping[str, Secret], BeforeValidator(_split_pairs("="))]
LevelById = Annotated[Mapping[int, Level], BeforeValidator(_split_pairs(":"))]
Names = Annotated[tuple[str, ...], BeforeValidator(_split_list)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
