"""The recording of a real Cal.com V2 server, and a player that repeats it on the sandbox.

The recording is found at FERMATA_CALCOM_RECORDING or beside the repository. Ids, uids and the instants of a
change differ by nature and are translated; what is compared and what is left out, the tests say.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from integrations.calcom.sandbox import RunningSandbox, SandboxConfig, SandboxUser, start_sandbox

PRO_KEY = "cal_0123456789abcdef0123456789abcdef"
OTHER_KEY = "cal_fedcba9876543210fedcba9876543210"
EXPIRED_KEY = "cal_expiredkey00000000000000000000000"
RATE_LIMIT = 120
CREATED = 201
RACE_SECONDS = 30

# Names whose values are made by the server.
OWN_VALUES = {
    "id", "uid", "createdAt", "updatedAt", "timestamp", "icsUid", "seatUid", "recurringBookingUid", "bookingUid",
    "rescheduledToUid", "rescheduledFromUid", "reservationUid", "reservationUntil",
    "bookingId", "rescheduleId", "oneTimePassword", "attendeeSeatId", "requestId",
}  # fmt: skip
HOOK_HEADERS = ("Content-Type", "X-Cal-Signature-256", "X-Cal-Webhook-Version", "User-Agent")
RECORDED_RECEIVER = "http://127.0.0.1:58099"
TRANSLATED = {"uid", "id", "seatUid", "reservationUid"}


@dataclass
class Exchange:
    """One recorded request with its answer."""

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    status: int
    answer: Any

    @property
    def racing(self) -> str | None:
        """The group of requests that were sent at the same moment."""
        found = re.fullmatch(r"(race\.[a-z-]+(?:-\d)?)\.\d", self.name)
        return found[1] if found else None


@dataclass
class Translation:
    """Recorded uids and ids of webhooks to those of the sandbox, learnt from its answers."""

    known: dict[str, str] = field(default_factory=dict)
    receiver: str = ""

    def learn(self, recorded: Any, answered: Any) -> None:
        if isinstance(recorded, dict) and isinstance(answered, dict):
            for name, value in recorded.items():
                other = answered.get(name)
                if name in TRANSLATED and isinstance(value, str) and isinstance(other, str):
                    self.known.setdefault(value, other)
                self.learn(value, other)
        elif isinstance(recorded, list) and isinstance(answered, list):
            for value, other in zip(recorded, answered, strict=False):
                self.learn(value, other)

    def apply(self, text: str) -> str:
        text = text.replace(RECORDED_RECEIVER, self.receiver)
        return re.sub(r"[0-9A-Za-z-]{20,}", lambda found: self.known.get(found[0], found[0]), text)


@dataclass
class Clock:
    """Follows the instants the recorded answers show."""

    now: datetime = datetime(2026, 11, 23, 15, 37, 52, tzinfo=UTC)

    def follow(self, answer: Any) -> None:
        if not isinstance(answer, dict):
            return
        data = answer.get("data")
        seen = [answer.get("timestamp")]
        if isinstance(data, dict):
            seen += [data.get("createdAt"), data.get("updatedAt")]
        for text in seen:
            if isinstance(text, str):
                self.now = max(self.now, datetime.fromisoformat(text))


@dataclass(frozen=True)
class Rules:
    """What a replay leaves out or compares less strictly: prefixes of names with their reasons."""

    left_out: dict[str, str] = field(default_factory=dict)
    shape_only: dict[str, str] = field(default_factory=dict)
    in_any_order: frozenset[str] = frozenset()


class Gap:
    """Nothing for single requests; racing ones wait for each other between check and write."""

    def __init__(self) -> None:
        self.barrier: asyncio.Barrier | None = None

    async def __call__(self) -> None:
        if self.barrier is not None:
            await self.barrier.wait()


def recorded_lines() -> list[dict[str, Any]]:
    configured = os.environ.get("FERMATA_CALCOM_RECORDING")
    beside = Path(__file__).parents[4] / "shared" / "calcom" / "exchanges.jsonl"
    path = Path(configured) if configured else beside
    if not path.is_file():
        pytest.skip(f"no recording of a real server at {path}; set FERMATA_CALCOM_RECORDING")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def recorded_exchanges() -> list[Exchange]:
    return [
        Exchange(
            row["name"],
            row["request"]["method"],
            row["request"]["path"],
            row["request"]["headers"],
            row["request"]["body"],
            row["response"]["status"],
            row["response"]["body"],
        )
        for row in recorded_lines()
        if "request" in row
    ]


@pytest.fixture(name="recorded_exchanges")
def exchanges_of_the_recording() -> list[Exchange]:
    return recorded_exchanges()


@pytest.fixture
def recorded_hooks() -> list[tuple[Hook, str | None]]:
    """Every recorded webhook with the secret that signed it."""
    return [
        (Hook(row["webhook"]["path"], row["webhook"]["headers"], row["webhook"]["body"].encode()), row["secret"])
        for row in recorded_lines()
        if "webhook" in row
    ]


@dataclass(frozen=True)
class Hook:
    """One webhook as its receiver saw it."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    def about(self, translation: Translation | None = None) -> tuple[str, ...]:
        """Receiver, trigger and booking: what makes two deliveries the same."""
        content = self.content
        if not isinstance(content, dict):
            return (self.path, "broken", "")
        payload = content.get("payload", content)
        uid = str(payload.get("uid") or payload.get("bookingUid"))
        trigger = str(content.get("triggerEvent") or content.get("t"))
        return (self.path, trigger, translation.apply(uid) if translation else uid)


class Receiver:
    """A web server that keeps every webhook; `/fail` answers 500 as the recorded one did."""

    def __init__(self) -> None:
        self.hooks: list[Hook] = []
        self.base_url = ""

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name: request.headers.get(name, "") for name in HOOK_HEADERS}
        self.hooks.append(Hook(request.path, headers, await request.read()))
        return web.Response(status=500 if request.path == "/fail" else 200)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    kept = Receiver()
    app = web.Application()
    app.router.add_post("/{tail:.*}", kept.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    kept.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield kept
    await runner.cleanup()


def reason(table: dict[str, str], name: str) -> str | None:
    return next((why for prefix, why in table.items() if name.startswith(prefix)), None)


def differences(
    recorded: Any, answered: Any, translation: Translation, *, values: bool, at: str = ""
) -> Iterator[str]:
    """Where an answer differs from the recorded one: keys, types, lengths and, if wanted, values."""
    if type(recorded) is not type(answered):
        yield f"{at}: {type(recorded).__name__} became {type(answered).__name__}: {answered!r:.80}"
    elif isinstance(recorded, dict):
        for name in sorted(recorded.keys() ^ answered.keys()):
            if values or not re.fullmatch(r"\d{4}-\d\d-\d\d", name):
                yield f"{at}.{name}: {'missing' if name in recorded else 'new'}"
        for name in recorded.keys() & answered.keys():
            own = name in OWN_VALUES
            yield from differences(
                recorded[name], answered[name], translation, values=values and not own, at=f"{at}.{name}"
            )
    elif isinstance(recorded, list):
        if values and len(recorded) != len(answered):
            yield f"{at}: {len(recorded)} elements became {len(answered)}"
        for index, (one, other) in enumerate(zip(recorded, answered, strict=False)):
            yield from differences(one, other, translation, values=values, at=f"{at}[{index}]")
    elif values:
        wanted = translation.apply(recorded) if isinstance(recorded, str) else recorded
        if isinstance(wanted, str):
            wanted, answered = _timeless(wanted), _timeless(answered)
        if wanted != answered:
            yield f"{at}: {recorded!r:.90} became {answered!r:.90}"


def _by_id(answer: Any) -> Any:
    return answer | {"data": sorted(answer["data"], key=lambda item: item["id"])}


def _timeless(text: str) -> str:
    return re.sub(r"Current time in UTC\+0: [^,]+", "Current time", text)


class Replay:
    """Sends recorded requests to a sandbox and collects what differs."""

    def __init__(
        self, sandbox: RunningSandbox, session: aiohttp.ClientSession, clock: Clock, gap: Gap, receiver: Receiver
    ) -> None:
        self.sandbox = sandbox
        self.session = session
        self.clock = clock
        self.gap = gap
        self.translation = Translation(receiver=receiver.base_url)
        self.compared: list[str] = []
        self.left_out: dict[str, int] = {}
        self.differences: list[str] = []
        self.counted = 0
        self.by_chance: set[str] = set()
        self.rules = Rules()

    async def send(self, exchange: Exchange) -> tuple[int, Any]:
        data = None
        if exchange.body is not None:
            text = exchange.body if isinstance(exchange.body, str) else json.dumps(exchange.body)
            data = self.translation.apply(text).encode()
        url = self.sandbox.base_url + self.translation.apply(exchange.path)
        request = self.session.request(
            exchange.method,
            URL(url, encoded=True),
            data=data,
            headers=exchange.headers,
            skip_auto_headers=["Content-Type"],
        )
        async with request as response:
            assert response.headers["X-Request-Id"]
            raw = await response.read()
            return response.status, json.loads(raw) if raw else ""

    async def control(self, method: str, path: str, body: Any = None) -> None:
        async with self.session.request(method, f"{self.sandbox.base_url}/_sandbox/{path}", json=body) as response:
            assert response.status < 300, await response.text()

    async def play(
        self,
        exchanges: list[Exchange],
        left_out: dict[str, str],
        shape_only: dict[str, str],
        in_any_order: frozenset[str],
    ) -> None:
        """Repeat the exchanges in order; the tables map prefixes of names to reasons."""
        self.rules = Rules(left_out, shape_only, in_any_order)
        for group, found in groupby(exchanges, key=lambda exchange: exchange.racing):
            members = list(found)
            if group is None:
                for exchange in members:
                    await self.one(exchange)
            elif reason(self.rules.left_out, group) is None:
                await self.race(members)
            else:
                self.leave_out(members)

    async def one(self, exchange: Exchange) -> None:
        await self.prepare(exchange)
        if reason(self.rules.left_out, exchange.name):
            self.leave_out([exchange])
            return
        self.clock.follow(exchange.answer)
        self.compare(exchange, *await self.send(exchange))

    async def race(self, members: list[Exchange]) -> None:
        """All at once; who wins is open, so recorded and answered are paired by their status."""
        self.gap.barrier = asyncio.Barrier(len(members))
        self.clock.follow(members[-1].answer)
        async with asyncio.timeout(RACE_SECONDS):
            answers = await asyncio.gather(*map(self.send, members))
        self.gap.barrier = None
        certain = all(answer[0] == exchange.status for exchange, answer in zip(members, answers, strict=True))
        if not certain:
            members = sorted(members, key=lambda exchange: exchange.status)
            answers = sorted(answers, key=lambda answer: answer[0])
        for exchange, answer in zip(members, answers, strict=True):
            if not certain and exchange.status == CREATED:
                self.by_chance.add(exchange.answer["data"]["uid"])
            self.compare(exchange, *answer, values=certain)

    def compare(self, exchange: Exchange, status: int, answer: Any, *, values: bool = True) -> None:
        recorded = exchange.answer
        if exchange.name in self.rules.in_any_order:
            recorded, answer = _by_id(recorded), _by_id(answer)
        self.translation.learn(recorded, answer)
        self.compared.append(exchange.name)
        if status != exchange.status:
            self.differences.append(f"{exchange.name}: status {exchange.status} became {status}: {answer!r:.200}")
            return
        values = values and reason(self.rules.shape_only, exchange.name) is None
        for text in differences(recorded, answer, self.translation, values=values):
            self.differences.append(f"{exchange.name} {text}")

    def leave_out(self, exchanges: list[Exchange]) -> None:
        for exchange in exchanges:
            why = reason(self.rules.left_out, exchange.name) or "?"
            self.left_out[why] = self.left_out.get(why, 0) + 1

    async def prepare(self, exchange: Exchange) -> None:
        """What happened at the real server between two recorded requests."""
        if found := re.fullmatch(r"ratelimit\.(\d+)", exchange.name):
            if self.counted == 0:
                await self.control("PUT", "faults", {"rate_limit": RATE_LIMIT})
            while self.counted < int(found[1]):
                self.counted += 1
                await self.send(exchange)
            self.counted += 1
        elif exchange.name == "event-types.create-phone-only":
            await self.control("DELETE", "faults")
        elif exchange.name == "bookings.mark-absent":
            uid = self.translation.apply(exchange.path.split("/")[3])
            past = {"start": "2026-11-20T09:00:00Z", "inPlace": True}
            await self.control("PATCH", f"bookings/{uid}", past)
        elif exchange.name == "client-timeout.find-by-attendee":
            attendee = {
                "name": "Anna Attendee",
                "email": "lost@example.test",
                "timeZone": "Europe/Berlin",
                "language": "de",
            }
            body = {"eventTypeId": 4, "start": "2027-02-15T09:00:00Z", "attendee": attendee}
            lost = Exchange("lost", "POST", "/v2/bookings", {"cal-api-version": "2024-08-13"}, body, 201, None)
            assert (await self.send(lost))[0] == 201


@pytest.fixture
async def replay(tmp_path: Path, receiver: Receiver) -> AsyncIterator[Replay]:
    config = SandboxConfig(
        database=tmp_path / "sandbox.sqlite",
        users=(
            SandboxUser("pro", "Petra Professional", "pro@example.test", PRO_KEY, id=1),
            SandboxUser("other", "Otto Other", "other@example.test", OTHER_KEY, id=2),
        ),
        rate_limit_per_minute=100_000,
        expired_keys=(EXPIRED_KEY,),
    )
    clock, gap = Clock(), Gap()
    sandbox = await start_sandbox(config, lambda: clock.now, gap=gap)
    async with aiohttp.ClientSession() as session:
        yield Replay(sandbox, session, clock, gap, receiver)
    await sandbox.close()


@pytest.fixture(name="differences")
def comparison() -> Callable[..., list[str]]:
    """Lists where an answer differs from the recorded one."""

    def compare(recorded: Any, answered: Any, translation: Translation | None = None) -> list[str]:
        return list(differences(recorded, answered, translation or Translation(), values=True))

    return compare
