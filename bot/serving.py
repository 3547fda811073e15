"""The long-running processes: web server, worker, scheduler and the sandbox alone; each stops gracefully on SIGTERM."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import structlog
from aiohttp import web

from booking_core.errors import Misconfigured
from bot.app import create_app
from bot.demo.parts import store_parts
from bot.settings import Settings
from bot.wiring.database import database_of
from bot.wiring.demo import open_sandbox
from bot.wiring.product import open_services

GRACE_SECONDS: Final = 15.0
"""How long turns under way may take to finish after a stop signal."""

WORK_EVERY_SECONDS: Final = 2.0
TICK_SECONDS: Final = 60.0

Tell = Callable[[str], None]


async def serve(settings: Settings, *, tell: Tell) -> None:
    """Serve HTTP until a stop signal; then take no new requests, finish those under way, and close everything."""
    stop = stop_signal()
    async with open_services(settings, tell=tell) as services:
        embedded = settings.redis_url is None
        runner = web.AppRunner(
            create_app(services, work=embedded), access_log=None, shutdown_timeout=GRACE_SECONDS
        )
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, settings.host, settings.port).start()
            except OSError as error:
                raise Misconfigured(
                    f"PORT {settings.port} on {settings.host} cannot be opened: {error.strerror}"
                ) from error
            port = runner.addresses[0][1]
            address = f"http://{settings.host}:{port}"
            if services.demo is not None:
                demo = services.demo
                store_parts(settings.data_dir, replace(demo, web=address))
                tell(f"Fermata is ready: {address}/")
                tell(f"  chat      {address}/chat/salon-fermata")
                if demo.sandbox:
                    tell(f"  calendar  {demo.sandbox}/")
                if services.mailbox is not None:
                    tell(f"  mailbox   {address}/mailbox")
                if settings.api_key is None:
                    tell(f"  API key   {demo.api_key}")
            if services.announce is not None:
                await services.announce(address)
            structlog.stdlib.get_logger(__name__).info("ready", port=port)
            await stop.wait()
        finally:
            await runner.cleanup()


async def work(settings: Settings, *, tell: Tell) -> None:
    """Run the worker until a stop signal."""
    stop = stop_signal()
    async with open_services(settings, tell=tell) as services:
        tell("Fermata worker is ready.")
        await services.worker.run(every=WORK_EVERY_SECONDS, stop=stop)


async def tick(settings: Settings, *, tell: Tell) -> None:
    """Nudge the workers once a minute until a stop signal."""
    stop = stop_signal()
    async with open_services(settings, tell=tell) as services:
        tell("Fermata scheduler is ready.")
        while not stop.is_set():
            await services.queue.nudge()
            try:
                async with asyncio.timeout(TICK_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue


async def migrate(settings: Settings, *, tell: Tell) -> None:
    """Bring the schema up to date and say where it is."""
    async with database_of(settings) as database:
        await database.migrate()
        tell(f"The database is at revision {await database.current_revision()}.")


async def serve_sandbox(settings: Settings, port: int, *, tell: Tell) -> None:
    """Serve the sandbox on its own, with the keys that a demo on the same data folder has left."""
    stop = stop_signal()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    sandbox, keys = await open_sandbox(settings, port or settings.sandbox_port)
    try:
        tell(f"The sandbox calendar is ready: {sandbox.base_url}/")
        for staff, key in keys.items():
            tell(f"  {staff:8} {key}")
        await stop.wait()
    finally:
        await sandbox.close()


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
