"""Sending one finished message."""

from __future__ import annotations

from typing import Protocol


class Mailer(Protocol):
    """Speaks to a mail relay."""

    async def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand over the exact bytes of an RFC 5322 message.

        Returns only after the relay has accepted it. Raises Refused (``status`` = SMTP code) for a permanent no, Upstream for
        anything worth another try.
        """
        ...

    async def ping(self) -> None:
        """Raise Upstream unless the relay answers."""
        ...
