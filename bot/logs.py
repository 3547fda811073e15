"""JSON logs with everything personal or secret masked. What is worth a line is left to those who log."""

from __future__ import annotations

import contextlib
import json
import logging
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any, Final, TextIO
from uuid import UUID

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK: Final = "***"

# One pass, first match wins: what looks like a number of ours (dates, addresses, ids) is kept before a phone number is seen in it.
_SENSITIVE: Final = re.compile(
    r"""
      (?P<keep>
          (?<![\w.+-])(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?(?![\w-])
        | (?<![\w.+-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.-]*\d)
        | (?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])
        | (?<![\w-])(?=[0-9]*[a-f])[0-9a-f]{16}(?![\w-])
        | (?<![\w.+-])0\.\d+(?![\d.-])
      )
    | (?P<parameters>(?:(?<=\[parameters:)|(?<=DETAIL:)|(?<=input_value=)).*$)
    | (?P<credentials>(?<=://)[^\s/@:]{0,128}:[^\s/@]{0,256}(?=@))
    | (?P<email>[^\s@<>(),;:"\[\]\\]{1,128}(?:@|%40)[^\s@<>(),;:"\[\]\\/?]+)
    | (?P<scheme>(?i:(?<=\bbearer)|(?<=\bbasic))\s+[^\s,;"']+)
    | (?P<key>\bcal_[\w-]{4,} | \b(?:key|sk|whsec|wsec)_(?=[A-Za-z_-]*\d)[\w-]{8,} | \b\d{6,}:[\w-]{30,})
    | (?P<token>(?<![\w-])(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[\w-]{24,}(?![\w-]))
    | (?P<phone>(?<!\d)(?:\+[\s(]{0,2})?\(?\d(?:[\s()/.\u2010-\u2015\u00a0-]{0,3}\d){6,})
    """,
    re.VERBOSE | re.MULTILINE,
)

# Words of a key that hide its value wherever they stand, and those that hide it only as the last word ("name", not "name_count").
# fmt: off
_PERSONAL: Final = frozenset({
    "attendee", "authorization", "caller", "contact", "cookie", "email", "guest", "mail", "mobile", "password", "phone",
    "secret", "secrets", "tel", "token", "tokens", "transcript",
})
_PERSONAL_LAST: Final = frozenset({
    "address", "body", "comment", "firstname", "fullname", "key", "keys", "lastname", "message", "name", "note", "query",
    "recipient", "sender", "subject", "surname", "text", "utterance", "words",
})
_HARMLESS_LAST: Final = frozenset({
    "bytes", "code", "count", "id", "kind", "length", "seconds", "size", "status", "version",
})
# fmt: on
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def configure_logging(level: str, stream: TextIO) -> None:
    """Route structlog and the standard library through one chain to ``stream``; called once, by the command line.

    ``level`` is ``debug``, ``info``, ``warning`` or ``error``. Lines of requests come from the middleware, so aiohttp's own access
    log, which knows addresses and queries, stays silent.
    """
    handler = _Handler(stream)
    handler.setFormatter(make_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("aiohttp.access").setLevel(logging.CRITICAL)
    # At info these tell every request and every task.
    for chatty in ("httpx", "httpcore", "taskiq", "alembic", "aiosqlite", "mail"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Handler(logging.StreamHandler[TextIO]):
    """Says that a line was lost, and not what stood in it: the standard handler would print the record unmasked."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        with contextlib.suppress(Exception):
            self.stream.write(_to_json({"event": "log_line_lost", "level": "error", "logger": record.name}) + "\n")


def make_formatter() -> logging.Formatter:
    """The formatter that turns any record into one masked line of JSON."""
    chain: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        mask_event,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(serializer=_to_json),
    ]
    return structlog.stdlib.ProcessorFormatter(
        processors=chain,
        foreign_pre_chain=[structlog.contextvars.merge_contextvars, structlog.stdlib.ExtraAdder()],
    )


def mask_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The structlog processor that masks a whole event, values at any depth included."""
    masked: EventDict = {}
    for key, value in event.items():
        # The event's own text, the logger and rendered tracebacks are prose: searched, not hidden.
        prose = key in ("event", "logger", "level", "exception", "stack")
        masked[mask_text(key)] = mask_value(value) if prose else _mask_named(key, value)
    return masked


def mask_value(value: object) -> object:
    """A value made of JSON types only, with everything personal or secret in it masked; numbers stay."""
    match value:
        case str():
            return mask_text(value)
        case Mapping():
            return {mask_text(str(key)): _mask_named(str(key), item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [mask_value(item) for item in value]
        case Enum():
            return mask_value(value.value)
        case BaseException() | PurePath() | UUID():
            return mask_text(str(value))
        case _:
            return _plain(value)


def mask_text(text: str) -> str:
    """``text`` with e-mail addresses, phone numbers, keys and long tokens masked; dates, ids and addresses of hosts stay."""
    return _SENSITIVE.sub(_mask_match, text)


def mask_conversation(conversation: str) -> str:
    """A conversation id shortened so that it can be followed in the logs and opens nothing."""
    return f"{conversation[:4]}…" if conversation else conversation


def _plain(value: object) -> object:
    match value:
        case int() if value.bit_length() > 63:
            return str(value)
        case None | bool() | int() | float():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Decimal():
            return float(value)
        case bytes() | bytearray() | memoryview():
            return f"<{len(value)} bytes>"
        case type():
            return value.__qualname__
        case _:
            # The repr of a dataclass would show a guest's name as plain text, which no pattern can find.
            return f"<{type(value).__qualname__}>"


def _mask_match(match: re.Match[str]) -> str:
    found = match.group()
    match match.lastgroup:
        case "keep":
            return found
        case "email":
            local, _, domain = found.partition("@") if "@" in found else found.partition("%40")
            return f"{local[:1]}***@{domain[:1]}***"
        case "scheme":
            return f" {MASK}"
        case "token":
            return f"{found[:4]}…"
        case "phone":
            digits = [character for character in found if character.isdigit()]
            country = f"+{''.join(digits[:2])}" if found.startswith("+") else ""
            return f"{country}…{''.join(digits[-3:])}" if len(digits) >= 9 else f"…{digits[-1]}"
        case _:
            return MASK


def _mask_named(key: str, value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    words = [word.lower() for word in _WORD.findall(key)]
    if (
        words
        and words[-1] not in _HARMLESS_LAST
        and (words[-1] in _PERSONAL_LAST or not _PERSONAL.isdisjoint(words))
    ):
        return MASK
    if "conversation" in words and isinstance(value, str):
        return mask_conversation(value)
    return mask_value(value)


def _to_json(event: object, **_: Any) -> str:
    try:
        return orjson.dumps(event).decode()
    except orjson.JSONEncodeError:
        # A lone surrogate from a client's JSON must not cost the line.
        return json.dumps(event, default=str, ensure_ascii=False).encode("utf-8", "replace").decode()
