"""The product as a real process: started by its command, killed or stopped by signals."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class DemoProcess:
    """A running demo process and a client for it."""

    process: asyncio.subprocess.Process
    http: httpx.AsyncClient
    log: Path

    async def say(self, conversation: str, text: str, **headers: str) -> dict[str, Any]:
        """One message; the answer must be 200."""
        response = await self.http.post(
            "/api/chat/salon-fermata/messages",
            json={"conversation": conversation, "text": text},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def sandbox_bookings(self) -> list[dict[str, Any]]:
        """What stands in the sandbox calendar."""
        async with httpx.AsyncClient() as http:
            base = (await self.http.get("/api/demo")).json()["sandbox"]
            bookings = (await http.get(f"{base}/_sandbox/bookings")).json()["bookings"]
        return [booking for booking in bookings if booking["status"] == "accepted"]

    async def mails(self) -> list[dict[str, Any]]:
        """The mailbox, newest first."""
        messages: list[dict[str, Any]] = (await self.http.get("/api/demo/mailbox")).json()["messages"]
        return messages

    async def kill(self) -> None:
        """``kill -9``."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            return await self.process.wait()


@asynccontextmanager
async def demo_process(data_dir: Path, *command: str, **environ: str) -> AsyncIterator[DemoProcess]:
    """Start the demo on this data folder and wait until it is usable; whatever is left of it is killed at the end."""
    port = free_port()
    log = data_dir.with_name(f"{data_dir.name}-{port}.log")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FERMATA_")},
        "FERMATA_DEMO": "1",
        "FERMATA_DATA_DIR": str(data_dir),
        "FERMATA_NOW": "2026-03-24T10:15",
        "PORT": str(port),
        **environ,
    }
    arguments = command or (str(Path(sys.executable).with_name("fermata")), "serve")
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *arguments, env=environment, cwd=_ROOT, stdout=output, stderr=asyncio.subprocess.STDOUT
        )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        try:
            await _usable(process, http, log)
            yield DemoProcess(process, http, log)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _usable(process: asyncio.subprocess.Process, http: httpx.AsyncClient, log: Path) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            if process.returncode is not None:
                raise AssertionError(f"the demo ended with {process.returncode}:\n{log.read_text()[-3000:]}")
            try:
                if (await http.get("/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
