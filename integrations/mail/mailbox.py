"""A real SMTP server that keeps every message in SQLite: the demo's mailbox and the tests' relay.

It takes mail for anybody and delivers to nobody.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP as MAIL_POLICY
from pathlib import Path
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session

T = TypeVar("T")

_MOST_BYTES = 10 * 1024 * 1024
_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, recipients TEXT NOT NULL, raw BLOB NOT NULL)
"""


class MessageStore:
    """One SQLite file behind one thread."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mailbox-db")

    async def open(self) -> None:
        """Create file and table where they are missing."""
        await self._run(self._create)

    async def add(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """Keep one message; on disk when this returns."""

        def insert(db: sqlite3.Connection) -> None:
            db.execute(
                "INSERT INTO messages (sender, recipients, raw) VALUES (?, ?, ?)",
                (sender, json.dumps(recipients), raw),
            )

        await self._run(insert)

    async def all(self) -> list[tuple[int, bytes]]:
        """Ids and bytes, newest first."""
        return await self._run(
            lambda db: list(db.execute("SELECT id, raw FROM messages ORDER BY id DESC").fetchall())
        )

    async def close(self) -> None:
        """End the thread; the file keeps everything."""
        self._thread.shutdown()

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._in_transaction, work)

    def _in_transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        db = sqlite3.connect(self._database)
        try:
            with db:
                return work(db)
        finally:
            db.close()

    def _create(self, db: sqlite3.Connection) -> None:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(_SCHEMA)


class _Handler:
    """What aiosmtpd calls; the method's name is its protocol."""

    def __init__(self, store: MessageStore) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer 250 only for a message that is kept."""
        content = envelope.original_content or b""
        try:
            await self._store.add(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        except (sqlite3.Error, OSError, RuntimeError):
            return "451 4.3.0 The mailbox cannot store this now"
        return "250 2.0.0 Kept"


class _Connection(SMTP):
    """One client; entered in ``open_connections`` while it is connected, so that closing the mailbox can end it."""

    def __init__(self, handler: _Handler, open_connections: _Connections) -> None:
        super().__init__(handler, hostname="localhost", data_size_limit=_MOST_BYTES, enable_SMTPUTF8=True)
        self._open_connections = open_connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        super().connection_made(transport)
        self._open_connections.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Called by the event loop."""
        transport = self.transport
        super().connection_lost(error)
        self._open_connections.discard(transport)


class _Connections:
    """The transports that are open, and a way to wait until none is."""

    def __init__(self) -> None:
        self._transports: set[asyncio.BaseTransport] = set()
        self._none = asyncio.Event()
        self._none.set()

    def add(self, transport: asyncio.BaseTransport) -> None:
        self._transports.add(transport)
        self._none.clear()

    def discard(self, transport: asyncio.BaseTransport | None) -> None:
        self._transports -= {transport}
        if not self._transports:
            self._none.set()

    async def hang_up(self) -> None:
        for transport in tuple(self._transports):
            transport.close()
        await self._none.wait()
        await asyncio.sleep(0)  # aiosmtpd cancels the client's task only now


@dataclass(frozen=True, slots=True)
class RunningMailbox:
    """A mailbox that listens; ``address`` is ``host:port``."""

    address: str
    _server: asyncio.Server = field(repr=False)
    _store: MessageStore = field(repr=False)
    _connections: _Connections = field(repr=False)

    @property
    def url(self) -> str:
        """What a mailer connects to."""
        return f"smtp://{self.address}?starttls=false"

    async def messages(self) -> list[dict[str, Any]]:
        """Every message as `message_view`, newest first."""
        return [message_view(raw, str(number)) for number, raw in await self._store.all()]

    async def close(self) -> None:
        """Stop listening and hang up; the file keeps every message."""
        self._server.close()
        await self._connections.hang_up()
        await self._server.wait_closed()
        await self._store.close()


async def start_mailbox(database: Path, host: str = "127.0.0.1", port: int = 0) -> RunningMailbox:
    """Listen on ``host`` and ``port`` (0: a free one), keeping messages in ``database`` over restarts."""
    # aiosmtpd writes senders and recipients to its log at INFO; addresses do not belong in logs.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    database.parent.mkdir(parents=True, exist_ok=True)
    store = MessageStore(database)
    await store.open()
    handler = _Handler(store)
    connections = _Connections()
    try:
        server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(handler, connections), host, port
        )
    except OSError:
        await store.close()
        raise
    bound = server.sockets[0].getsockname()[1]
    return RunningMailbox(f"{host}:{bound}", server, store, connections)


def message_view(raw: bytes, id: str) -> dict[str, Any]:
    """One message in the shape of `GET /api/demo/mailbox`.

    Headers are decoded, repeated ones joined by line breaks; ``parts`` are the leaves in order with their text, empty for what is
    no text. Never raises: whatever came in can be shown.
    """
    message = message_from_bytes(raw)
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        decoded = _decoded(name, value)
        headers[name] = f"{headers[name]}\n{decoded}" if name in headers else decoded
    known = {name.lower(): value for name, value in headers.items()}
    return {
        "id": id,
        "from": known.get("from", ""),
        "to": known.get("to", ""),
        "subject": known.get("subject", ""),
        "date": known.get("date", ""),
        "headers": headers,
        "parts": [
            {"type": part.get_content_type(), "text": _text(part)}
            for part in message.walk()
            if not part.is_multipart()
        ],
        "raw": raw.decode("utf-8", "replace"),
    }


def _decoded(name: str, value: Any) -> str:
    text = str(value)
    try:
        return str(MAIL_POLICY.header_fetch_parse(name, text))
    except (
        Exception
    ):  # the library's header parser fails in many ways on malformed headers; they are shown as they came
        return text


def _text(part: Message) -> str:
    if part.get_content_maintype() != "text" and part.get_content_type() != "application/ics":
        return ""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        text = content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    # A calendar object keeps the line ends that its format demands; for reading they only get in the way.
    return text.replace("\r\n", "\n") if part.get_content_type() in ("text/plain", "text/html") else text
