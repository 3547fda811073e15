"""The port ``Mailer`` on an SMTP relay; what is sent is given as bytes and left untouched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from booking_core.errors import Misconfigured, Refused, Upstream

_PORTS = {"smtp": 587, "smtp+starttls": 587, "smtps": 465}
_STARTTLS = {"auto": None, "true": True, "1": True, "false": False, "0": False}
_SCHEME_STARTTLS = {"smtp+starttls": True, "smtps": False}
_GOODBYE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over; ``starttls`` None takes it where the relay offers it."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: bool | None = None

    @classmethod
    def parse(cls, url: str) -> Relay:
        """From ``smtp://user:pass@host:port?starttls=auto|true|false``, ``smtp+starttls://…`` or ``smtps://…``.

        Raises Misconfigured for anything else.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
            host = parts.hostname
        except ValueError:
            port, host, parts = None, None, urlsplit("")
        query = parse_qs(parts.query)
        starttls = query.pop("starttls", ["auto"])[-1].lower()
        if parts.scheme not in _PORTS or not host or parts.path.strip("/") or query or starttls not in _STARTTLS:
            # The text does not repeat the URL: it may hold a password.
            raise Misconfigured(
                "SMTP_URL must look like smtp://user:password@host:587?starttls=true or smtps://user:password@host"
            )
        return cls(
            host=host,
            port=port or _PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=parts.scheme == "smtps",
            starttls=_SCHEME_STARTTLS.get(parts.scheme, _STARTTLS[starttls]),
        )


class SmtpMailer:
    """Implements ``booking_core.ports.mailer.Mailer`` with one connection per message."""

    def __init__(self, url: str, *, timeout_seconds: float = 15.0, whole_seconds: float = 20.0) -> None:
        """Raises Misconfigured for a URL that is none.

        ``timeout_seconds`` bounds every single wait for the relay, ``whole_seconds`` all of them until it has accepted a message.
        """
        self._relay = Relay.parse(url)
        self._timeout = timeout_seconds
        self._whole = whole_seconds

    async def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand over the exact bytes.

        Refused (``status`` is the SMTP code) only where the relay said a permanent no to this sender, recipient or message;
        a relay that does not know us, or breaks off, is Upstream and worth another try.
        """
        options = ["BODY=8BITMIME"] if not message.isascii() else []
        async with self._session() as smtp:
            try:
                await smtp.sendmail(sender, [recipient], message, mail_options=options)
            except aiosmtplib.SMTPRecipientsRefused as error:
                raise _verdict(error.recipients[0].code) from None
            except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as error:
                raise _verdict(error.code) from None

    async def ping(self) -> None:
        """Connect, sign in, say NOOP and leave."""
        async with self._session() as smtp:
            await smtp.noop()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[aiosmtplib.SMTP]:
        relay = self._relay
        smtp = aiosmtplib.SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.username,
            password=relay.password,
            use_tls=relay.tls,
            start_tls=relay.starttls,
            timeout=self._timeout,
        )
        try:
            async with asyncio.timeout(self._whole):
                await smtp.connect()
                yield smtp
            # Not left to the library: what was accepted stays so, however the relay takes leave, and who breaks off waits no more.
            with suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit(timeout=_GOODBYE_SECONDS)
        except (aiosmtplib.SMTPException, OSError) as error:
            # Relays repeat addresses in their answers; only the kind of error goes on.
            code = f" {error.code}" if isinstance(error, aiosmtplib.SMTPResponseException) else ""
            raise Upstream(f"the mail relay failed: {type(error).__name__}{code}") from None
        finally:
            smtp.close()


def _verdict(code: int) -> Upstream:
    if code >= 500:
        return Refused(f"the mail relay said {code}", status=code)
    return Upstream(f"the mail relay said {code}")
