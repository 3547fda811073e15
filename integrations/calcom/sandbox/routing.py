"""Which handler serves a method, path and `cal-api-version`, and with which kind of authentication.

The version is matched as an exact string; a missing or unknown one silently means 2024-04-15.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from integrations.calcom.sandbox.accounts import User
from integrations.calcom.sandbox.errors import JsonObject, enveloped, internal

if TYPE_CHECKING:
    from integrations.calcom.sandbox.world import World

OLDEST_VERSION = "2024-04-15"
SCHEDULES_VERSION = "2024-06-11"
EVENT_TYPES_VERSION = "2024-06-14"
BOOKINGS_VERSION = "2024-08-13"
SLOTS_VERSION = "2024-09-04"
VERSIONS = frozenset({OLDEST_VERSION, SCHEDULES_VERSION, EVENT_TYPES_VERSION, BOOKINGS_VERSION, SLOTS_VERSION})
_MAX_ID = 2**63 - 1


class Auth(Enum):
    """How a route treats a request without a key."""

    REQUIRED = "401"
    PERMISSION = "403"
    OPTIONAL = "anonymous"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, past routing and authentication. `query` keeps the last value of a repeated name."""

    world: World
    method: str
    path: str
    caller: User | None
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any

    @property
    def user(self) -> User:
        """The caller of a route that requires one."""
        if self.caller is None:
            raise enveloped(401, "Unauthorized")
        return self.caller

    @property
    def fields(self) -> JsonObject:
        """The JSON object of the body; an absent or other body counts as empty."""
        return self.body if isinstance(self.body, dict) else {}

    def number(self, name: str) -> int:
        """A numeric path parameter; anything else crashes the real server, hence 500."""
        text = self.params[name]
        if not re.fullmatch(r"\d{1,19}", text) or int(text) > _MAX_ID:
            raise internal()
        return int(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON body of a successful call."""

    body: JsonObject
    status: int = 200


def success(data: Any, *, status: int = 200, **more: Any) -> Answer:
    """`{"status":"success","data":…}`."""
    return Answer({"status": "success", "data": data, **more}, status)


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler for one method and path template (`/v2/bookings/{uid}`).

    `version` is the only version the handler answers to (any, if None); `legacy` answers to older ones.
    """

    method: str
    template: str
    handler: Handler
    auth: Auth = Auth.REQUIRED
    version: str | None = None
    legacy: Handler | None = None
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "pattern", re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template) + r"/?$")
        )

    def handler_for(self, version: str) -> Handler | None:
        """The handler for a resolved version, None when the route does not exist in it."""
        if self.version is None or version == self.version:
            return self.handler
        return self.legacy if version < self.version else None


@dataclass(frozen=True, slots=True)
class Match:
    """A route found for a request."""

    handler: Handler
    auth: Auth
    params: Mapping[str, str]


def resolve_version(header: str | None) -> str:
    """The API version a request gets."""
    return header if header in VERSIONS else OLDEST_VERSION


def find_route(routes: Sequence[Route], method: str, path: str, version: str) -> Match | None:
    """The first route for method, path (no query) and version; HEAD is served by GET."""
    wanted = "GET" if method == "HEAD" else method
    for route in routes:
        if route.method != wanted:
            continue
        found = route.pattern.match(path)
        if found is None:
            continue
        handler = route.handler_for(version)
        if handler is not None:
            return Match(handler, route.auth, found.groupdict())
    return None
