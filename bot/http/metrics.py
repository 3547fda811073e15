"""Numbers about the running process in the text format of Prometheus; one registry per application."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

# Fine around the promises: 3 s on the phone, 8 s in the chat.
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Count = Callable[[], Awaitable[int]]
"""Counts what waits for somebody."""


class Metrics:
    """Counters and histograms of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "fermata_http_request_seconds",
            "Time to answer an HTTP request.",
            ("route", "method", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._turns = Histogram(
            "fermata_turn_seconds",
            "Time of one turn of a conversation, by outcome.",
            ("outcome",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._bookings = Counter(
            "fermata_bookings", "Bookings that reached a status.", ("status",), registry=self.registry
        )
        self._outbox = Gauge("fermata_outbox_depth", "Work that waits in the outbox.", registry=self.registry)
        self._callbacks = Gauge(
            "fermata_callbacks_open", "Guests who wait for a call by staff.", registry=self.registry
        )

    def observe_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """``route`` is a template, so that the number of series stays small."""
        known = method if method in _METHODS else "other"
        self._requests.labels(route, known, str(status)).observe(seconds)

    def observe_turn(self, outcome: str, seconds: float) -> None:
        """``outcome`` is an outcome code of the chat API."""
        self._turns.labels(outcome).observe(seconds)

    def count_booking(self, status: str) -> None:
        """One more booking became ``status``."""
        self._bookings.labels(status).inc()

    def set_outbox_depth(self, depth: float) -> None:
        """NaN where it is not known."""
        self._outbox.set(depth)

    def set_open_callbacks(self, count: float) -> None:
        """NaN where it is not known."""
        self._callbacks.set(count)

    def render(self) -> bytes:
        """All series as text."""
        return generate_latest(self.registry)


def metrics_routes(
    metrics: Metrics, outbox_depth: Count | None = None, open_callbacks: Count | None = None
) -> list[web.RouteDef]:
    """``/metrics``; what waits is counted at each scrape, and is NaN where that fails."""

    async def scrape(_request: web.Request) -> web.Response:
        if outbox_depth is not None:
            metrics.set_outbox_depth(await _counted("outbox_uncounted", outbox_depth))
        if open_callbacks is not None:
            metrics.set_open_callbacks(await _counted("callbacks_uncounted", open_callbacks))
        return web.Response(body=metrics.render(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/metrics", scrape)]


async def _counted(trouble: str, count: Count) -> float:
    try:
        return await count()
    except Exception as error:
        structlog.stdlib.get_logger(__name__).warning(trouble, error=type(error).__name__)
        return math.nan
