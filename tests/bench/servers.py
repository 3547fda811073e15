"""Servers under test as processes of their own: started, awaited, stopped by SIGTERM."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-03-24T10:15"
"""When the product's business clock starts; the scripted wishes lie after it."""

API_KEY = "bench-key-0123456789"
"""Opens the product's API."""

_KEPT_VARIABLES = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ")
_READY = re.compile(r"is ready: (http://[^/\s]+)")
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.05
_TAIL = 2000


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    address: str
    pid: int

    def cpu_seconds(self) -> float | None:
        """Processor time that all threads have taken so far, in the kernel too; None where the system does not tell it."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            return None
        # The command's name, in brackets, may hold spaces; user and system time are the 14th and 15th field.
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class NotStarted(Exception):
    """A server ended before it was ready or did not get ready in time; carries the end of its log."""


@asynccontextmanager
async def running_product(folder: Path) -> AsyncIterator[Server]:
    """The whole demo (product, sandbox calendar, mailbox) on a fresh data folder."""
    environ = {
        "FERMATA_DEMO": "1",
        "FERMATA_NOW": NOW,
        "FERMATA_DATA_DIR": str(folder / "data"),
        "FERMATA_API_KEY": API_KEY,
        "PORT": "0",
    }
    command = [str(Path(sys.executable).parent / "fermata"), "serve"]
    async with _running(command, environ, folder / "product.log") as server:
        await _healthy(f"{server.address}/healthz")
        yield server


@asynccontextmanager
async def running_anchors(folder: Path, answers: Path) -> AsyncIterator[Server]:
    """The anchors on a database of their own; ``answers`` holds the bytes that the floor gives back."""
    command = [sys.executable, "-m", "tests.bench.anchors", str(folder / "floor.db"), str(answers)]
    async with _running(command, {}, folder / "anchors.log") as server:
        yield server


@asynccontextmanager
async def _running(command: Sequence[str], environ: Mapping[str, str], log: Path) -> AsyncIterator[Server]:
    # No setting of the shell that starts the benchmark may reach the server, neither from the environment nor from a file.
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=log.parent,
            env={**kept, "PYTHONPATH": str(ROOT), **environ},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
        )
    try:
        yield Server(await _address(process, log), process.pid)
    finally:
        await _stop(process)


async def _address(process: asyncio.subprocess.Process, log: Path) -> str:
    try:
        async with asyncio.timeout(_START_SECONDS):
            while process.returncode is None:
                if found := _READY.search(_read(log)):
                    return found[1]
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        raise NotStarted(f"not ready in {_START_SECONDS:g} s:\n{_read(log)[-_TAIL:]}") from None
    raise NotStarted(f"ended with status {process.returncode}:\n{_read(log)[-_TAIL:]}")


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


async def _healthy(url: str) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(_START_SECONDS):
        while True:
            async with session.get(url) as response:
                if response.status == 200:
                    return
            await asyncio.sleep(_POLL_SECONDS)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
