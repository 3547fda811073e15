"""Fixture: a Redis server of the test's own, which it may flush, freeze, kill and start again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.process import free_port

_START_SECONDS = 30.0
_STARTS = 5


@dataclass
class RedisServer:
    """A server on a port of its own that keeps nothing on disk."""

    folder: Path
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it listens, also while it is stopped."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, empty, and wait until it answers; on the port it had before, if any."""
        for _ in range(_STARTS):
            port = self.port or free_port()
            self._process = subprocess.Popen(
                ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"],
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if _answers(port, self._process):
                self.port = port
                return
        raise AssertionError("redis-server does not start")

    def flush(self) -> None:
        """FLUSHALL."""
        assert self.ask("FLUSHALL").startswith("+OK")

    def freeze(self) -> None:
        """SIGSTOP: connections are accepted by the system and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: what was sent meanwhile is carried out."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """``kill -9``: connections are cut off and refused from now on; everything stored is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def ask(self, command: str) -> str:
        """The raw answer to one inline command."""
        return _ask(self.port, command)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A running server without keys; skips without the program, fails instead when ``CI`` is true."""
    if shutil.which("redis-server") is None:
        message = "no redis-server on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait for the server; False where it has ended, as it does when somebody else was faster to take the port."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            return False
        try:
            if _ask(port, "PING").startswith("+PONG"):
                return process.poll() is None
        except OSError:
            time.sleep(0.02)
    process.kill()
    process.wait()
    return False


def _ask(port: int, command: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(4096).decode()
