"""Sends signed webhooks before the answer of the request that causes them: one attempt, errors ignored.

Lost, late, doubled and reordered delivery are switched on by the faults.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from integrations.calcom.sandbox.faults import WebhookMode

WEBHOOK_VERSION = "2021-10-20"
NO_SECRET = "no-secret-provided"
_TIMEOUT = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook request: where to, the exact bytes, and the secret that signs them."""

    url: str
    body: bytes
    secret: str | None = field(repr=False)

    def headers(self) -> dict[str, str]:
        """The headers of the real server; the signature is hex HMAC-SHA256 over the raw body."""
        return {
            "Content-Type": "application/json",
            "X-Cal-Signature-256": signature(self.secret, self.body),
            "X-Cal-Webhook-Version": WEBHOOK_VERSION,
            "User-Agent": "node",
        }


def signature(secret: str | None, body: bytes) -> str:
    """What `X-Cal-Signature-256` says."""
    if not secret:
        return NO_SECRET
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Sender:
    """Delivers webhooks in the mode in force at that moment."""

    def __init__(self, mode: Callable[[], WebhookMode], *, late_ms: int) -> None:
        self._mode = mode
        self._late_seconds = late_ms / 1000
        self._held: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the HTTP session."""
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, auto_decompress=False)

    async def close(self) -> None:
        """Drop what is still waiting and close the session."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, deliveries: Sequence[Delivery]) -> None:
        """Deliver the webhooks of one change; returns when the receivers have answered or failed."""
        match self._mode():
            case "normal":
                await self._flush()
                await self._post_all(deliveries)
            case "lost":
                return
            case "late":
                self._later(deliveries)
            case "double":
                await self._post_all(deliveries)
                await self._post_all(deliveries)
            case "reordered":
                await self._reorder(deliveries)

    async def release(self) -> None:
        """Send what reordering still holds back."""
        await self._flush()

    async def _reorder(self, deliveries: Sequence[Delivery]) -> None:
        # Each change is held until the next one has been told: pairs arrive the wrong way round.
        if self._held:
            await self._post_all(deliveries)
            await self._flush()
        else:
            self._held.extend(deliveries)

    async def _flush(self) -> None:
        held, self._held = self._held, []
        await self._post_all(held)

    def _later(self, deliveries: Sequence[Delivery]) -> None:
        async def wait() -> None:
            await asyncio.sleep(self._late_seconds)
            await self._post_all(deliveries)

        task = asyncio.create_task(wait())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _post_all(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            await asyncio.gather(*(self._post(delivery) for delivery in deliveries))

    async def _post(self, delivery: Delivery) -> None:
        if self._session is None:
            return
        try:
            async with self._session.post(
                URL(delivery.url), data=delivery.body, headers=delivery.headers(), allow_redirects=False
            ):
                return
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return
