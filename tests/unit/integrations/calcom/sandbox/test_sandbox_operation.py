"""The sandbox as a server: request limit, faults, restarts, outside changes, webhooks."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

SECRET = "a-secret-of-the-test"


@pytest.fixture
async def hooks() -> AsyncIterator[Any]:
    """A receiver that keeps what it got: `.url`, `.got` (headers, raw body) and `.wait_for(n)`."""

    class Receiver:
        def __init__(self) -> None:
            self.got: list[tuple[dict[str, str], bytes]] = []
            self.url = ""
            self.more = asyncio.Event()

        async def handle(self, request: web.Request) -> web.Response:
            self.got.append((dict(request.headers), await request.read()))
            self.more.set()
            return web.Response()

        def triggers(self) -> list[str]:
            return [json.loads(body)["triggerEvent"] for _, body in self.got]

        async def wait_for(self, count: int) -> None:
            while len(self.got) < count:
                self.more.clear()
                await asyncio.wait_for(self.more.wait(), 5)

    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def subscribe(api: Any, hooks: Any) -> None:
    triggers = ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED"]
    body = {"active": True, "subscriberUrl": hooks.url, "triggers": triggers, "secret": SECRET}
    assert (await api.call("POST", "/v2/webhooks", body)).status == 201


class TestLimit:
    async def test_the_request_over_the_limit_blocks_its_key_for_a_minute(self, api: Any) -> None:
        await api.restart(rate_limit_per_minute=3)

        replies = [await api.call("GET", "/v2/me") for _ in range(4)]

        assert [reply.status for reply in replies] == [200, 200, 200, 429]
        assert [reply.headers["X-RateLimit-Remaining-Default"] for reply in replies] == ["2", "1", "0", "0"]
        assert replies[3].headers["X-RateLimit-Reset-Default"] == "60"
        assert replies[3].body["error"]["details"].startswith("CustomThrottlerGuard - Too many requests")
        assert "Retry-After" not in replies[3].headers

        api.seconds += 59
        blocked = await api.call("GET", "/v2/event-types")
        assert (blocked.status, blocked.headers["X-RateLimit-Reset-Default"]) == (429, "1")
        api.seconds += 1
        assert (await api.call("GET", "/v2/me")).status == 200

    async def test_keys_and_anonymous_callers_are_counted_apart(self, api: Any) -> None:
        await api.restart(rate_limit_per_minute=1)
        for key in ("cal_" + "a" * 32, "cal_" + "b" * 32):
            assert (await api.call("GET", "/v2/me", key=key)).status == 200
        assert (await api.call("GET", "/v2/event-types", key=None)).status == 200

    async def test_the_count_starts_anew_after_a_minute(self, api: Any) -> None:
        await api.restart(rate_limit_per_minute=2)
        for _ in range(3):
            for _ in range(2):
                assert (await api.call("GET", "/v2/me")).status == 200
            api.seconds += 60

    async def test_unknown_routes_answer_before_limit_and_key(self, api: Any) -> None:
        await api.restart(rate_limit_per_minute=1)
        for _ in range(3):
            reply = await api.call("GET", "/v2/nothing", key="cal_wrong")
            assert reply.status == 404
            assert "X-RateLimit-Limit-Default" not in reply.headers


class TestFaults:
    async def fault(self, api: Any, **settings: Any) -> None:
        assert (await api.call("PUT", "/_sandbox/faults", settings)).status == 200

    async def outcome(self, api: Any, count: int) -> list[int]:
        return [(await api.call("GET", "/v2/me")).status for _ in range(count)]

    async def test_errors_come_by_seed_and_repeat(self, api: Any) -> None:
        await self.fault(api, error_rate=0.5, seed=7)
        first = await self.outcome(api, 20)
        await self.fault(api, error_rate=0.5, seed=7)
        again = await self.outcome(api, 20)
        await self.fault(api, error_rate=0.5, seed=8)
        other = await self.outcome(api, 20)

        assert first == again != other
        assert {*first} == {200, 500}

    async def test_clearing_restores_a_well_behaved_server(self, api: Any) -> None:
        await self.fault(api, error_rate=1, rate_limit=0, webhooks="lost")
        assert await self.outcome(api, 1) == [500]
        assert (await api.call("DELETE", "/_sandbox/faults")).status == 200
        assert await self.outcome(api, 2) == [200, 200]

    async def test_a_lower_limit_is_lifted_with_its_block(self, api: Any) -> None:
        await self.fault(api, rate_limit=1)
        assert await self.outcome(api, 2) == [200, 429]
        await api.call("DELETE", "/_sandbox/faults")
        assert await self.outcome(api, 1) == [200]

    async def test_down_answers_503_and_the_controls_stay_up(self, api: Any) -> None:
        await self.fault(api, down=True)
        assert (await api.call("GET", "/v2/me")).status == 503
        assert (await api.call("GET", "/_sandbox/bookings")).status == 200

    async def test_down_may_close_the_connection(self, api: Any) -> None:
        await self.fault(api, down="closed")
        with pytest.raises(aiohttp.ClientError):
            await api.call("GET", "/v2/me")

    async def test_a_lost_answer_is_committed_all_the_same(self, api: Any) -> None:
        cut = await api.event_type()
        await self.fault(api, timeout_after_commit_rate=1)

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await api.book(cut, "2026-03-24T09:00:00Z")

        assert (await api.call("GET", "/v2/me")).status == 200, "reads are not withheld"
        found = await api.call("GET", "/v2/bookings", attendeeEmail="guest@example.test")
        assert [booking["start"] for booking in found.data] == ["2026-03-24T09:00:00.000Z"]

    async def test_a_withheld_answer_does_not_hold_up_the_shutdown(self, api: Any) -> None:
        cut = await api.event_type()
        await self.fault(api, timeout_after_commit_rate=1)
        waiting = asyncio.create_task(api.book(cut, "2026-03-24T09:00:00Z"))
        while not (await api.call("GET", "/_sandbox/bookings")).body["bookings"]:
            continue

        async with asyncio.timeout(5):
            await api.stop()
        with pytest.raises(aiohttp.ClientError):
            await waiting

    @pytest.mark.parametrize(
        "wrong", [{"error_rate": 2}, {"delay_ms": -1}, {"webhooks": "odd"}, {"unknown": 1}, {"down": "maybe"}]
    )
    async def test_settings_that_are_not_understood_are_refused(self, api: Any, wrong: dict[str, Any]) -> None:
        reply = await api.call("PUT", "/_sandbox/faults", wrong)
        assert reply.status == 400
        assert next(iter(wrong)) in reply.message


class TestWebhooks:
    async def test_they_arrive_signed_before_the_answer(self, api: Any, hooks: Any) -> None:
        await subscribe(api, hooks)
        cut = await api.event_type()

        booked = await api.book(cut, "2026-03-24T09:00:00Z")

        (headers, raw), *others = hooks.got
        assert not others
        assert headers["X-Cal-Signature-256"] == hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
        assert json.loads(raw)["payload"]["uid"] == booked.data["uid"]

    async def test_a_receiver_that_is_away_does_not_stop_the_booking(self, api: Any) -> None:
        body = {"active": True, "subscriberUrl": "http://127.0.0.1:9/x", "triggers": ["BOOKING_CREATED"]}
        assert (await api.call("POST", "/v2/webhooks", body)).status == 201
        assert (await api.book(await api.event_type(), "2026-03-24T09:00:00Z")).status == 201

    @pytest.mark.parametrize(("mode", "count"), [("lost", 0), ("double", 2), ("late", 1)])
    async def test_odd_delivery(self, api: Any, hooks: Any, mode: str, count: int) -> None:
        await subscribe(api, hooks)
        await api.call("PUT", "/_sandbox/faults", {"webhooks": mode})
        await api.book(await api.event_type(), "2026-03-24T09:00:00Z")

        await hooks.wait_for(count)

        assert hooks.triggers() == ["BOOKING_CREATED"] * count

    async def test_reordered_delivery_swaps_neighbours(self, api: Any, hooks: Any) -> None:
        await subscribe(api, hooks)
        await api.call("PUT", "/_sandbox/faults", {"webhooks": "reordered"})
        uid = (await api.book(await api.event_type(), "2026-03-24T09:00:00Z")).data["uid"]
        assert hooks.got == []
        await api.call("POST", f"/v2/bookings/{uid}/cancel", {"cancellationReason": "ill"})

        assert hooks.triggers() == ["BOOKING_CANCELLED", "BOOKING_CREATED"]


class TestRestart:
    async def test_everything_is_there_after_a_restart(self, api: Any) -> None:
        cut = await api.event_type()
        uid = (await api.book(cut, "2026-03-24T09:00:00Z")).data["uid"]
        await api.restart()

        assert (await api.call("GET", f"/v2/bookings/{uid}")).data["status"] == "accepted"
        assert (await api.call("GET", "/v2/me")).data["username"] == "anna"
        assert (await api.book(cut, "2026-03-24T09:00:00Z")).status == 400
        assert (await api.call("GET", "/_sandbox/mails")).body["count"] == 2

    async def test_an_answered_booking_survives_a_kill(self, api: Any) -> None:
        cut = await api.event_type()
        await api.stop()
        script = (
            "import asyncio, sys; from datetime import datetime, UTC; from pathlib import Path\n"
            "from integrations.calcom.sandbox import SandboxConfig, start_sandbox\n"
            "async def main():\n"
            "    config = SandboxConfig(Path(sys.argv[1]), ())\n"
            "    running = await start_sandbox(config, lambda: datetime(2026, 3, 23, 8, tzinfo=UTC))\n"
            "    sys.stdout.write(running.base_url + '\\n'); sys.stdout.flush()\n"
            "    await asyncio.Event().wait()\n"
            "asyncio.run(main())\n"
        )
        root = Path(__file__).parents[5]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, str(api.config.database), cwd=root, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        base_url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        try:
            attendee = {"name": "Guest", "email": "guest@example.test", "timeZone": "Europe/Berlin"}
            body = {"eventTypeId": cut, "start": "2026-03-24T09:00:00Z", "attendee": attendee}
            headers = {"cal-api-version": "2024-08-13"}
            async with api.session.post(f"{base_url}/v2/bookings", json=body, headers=headers) as response:
                assert response.status == 201
                uid = (await response.json())["data"]["uid"]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            await process.wait()

        await api.start()
        assert (await api.call("GET", f"/v2/bookings/{uid}")).data["status"] == "accepted"


class TestOutside:
    async def test_an_outside_booking_takes_time_and_tells_everybody(self, api: Any, hooks: Any) -> None:
        await subscribe(api, hooks)
        cut = await api.event_type()
        made = await api.call(
            "POST", "/_sandbox/bookings", {"start": "2026-03-24T10:00:00+01:00", "username": "anna", "minutes": 60}
        )

        assert made.status == 201
        assert made.body["booking"]["hosts"][0]["username"] == "anna"
        assert (await api.book(cut, "2026-03-24T09:30:00Z")).status == 400
        assert hooks.triggers() == ["BOOKING_CREATED"]

    async def test_an_outside_booking_may_overlap(self, api: Any) -> None:
        cut = await api.event_type()
        await api.book(cut, "2026-03-24T09:00:00Z")

        overlap = await api.call(
            "POST", "/_sandbox/bookings", {"eventTypeId": cut, "start": "2026-03-24T09:10:00Z"}
        )
        same = await api.call("POST", "/_sandbox/bookings", {"eventTypeId": cut, "start": "2026-03-24T09:00:00Z"})

        assert (overlap.status, same.status) == (201, 409)

    async def test_moving_and_cancelling_from_outside(self, api: Any, hooks: Any) -> None:
        await subscribe(api, hooks)
        cut = await api.event_type()
        old = (await api.book(cut, "2026-03-24T09:00:00Z")).data["uid"]

        moved = await api.call("PATCH", f"/_sandbox/bookings/{old}", {"start": "2026-03-24T20:00:00Z"})
        new = moved.body["booking"]
        gone = await api.call("DELETE", f"/_sandbox/bookings/{new['uid']}")

        assert new["rescheduledFromUid"] == old
        assert new["start"] == "2026-03-24T20:00:00.000Z"
        assert gone.body["booking"]["status"] == "cancelled"
        assert hooks.triggers() == ["BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED"]
        listed = (await api.call("GET", "/_sandbox/bookings", key=None)).body["bookings"]
        assert [booking["status"] for booking in listed] == ["cancelled", "cancelled"]

    async def test_another_host_takes_over_in_place(self, api: Any) -> None:
        uid = (await api.book(await api.event_type(), "2026-03-24T09:00:00Z")).data["uid"]

        taken = (await api.call("PATCH", f"/_sandbox/bookings/{uid}", {"username": "ben"})).body["booking"]

        assert (taken["uid"], taken["hosts"][0]["username"]) == (uid, "ben")

    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("POST", "", {}, 400),
            ("POST", "", {"start": "soon"}, 400),
            ("POST", "", {"start": "2026-03-24T09:00:00Z", "username": "nobody"}, 404),
            ("POST", "", {"start": "2026-03-24T09:00:00Z", "end": "2026-03-24T08:00:00Z"}, 400),
            ("PATCH", "/none", {"start": "2026-03-24T09:00:00Z"}, 404),
            ("DELETE", "/none", None, 404),
        ],
    )
    async def test_wrong_control_requests(self, api: Any, method: str, path: str, body: Any, status: int) -> None:
        assert (await api.call(method, f"/_sandbox/bookings{path}", body)).status == status


class TestPage:
    async def test_the_day_is_drawn_with_its_bookings_and_their_pause(self, api: Any) -> None:
        cut = await api.event_type()
        together = {"fermataBooking": "r1"}
        await api.book(cut, "2026-03-24T09:00:00Z", metadata=together)
        await api.book(cut, "2026-03-24T10:00:00Z", metadata=together)

        page = await api.call("GET", "/", key=None, day="2026-03-24")

        assert "Tuesday, 24 March 2026" in page.body
        assert "A double of Cal.com" in page.body
        assert page.body.count('class="booking"') == 2
        assert "Pause 10:30–11:00" in page.body
        assert "Anna</h2>" in page.body
        assert "Ben</h2>" in page.body

    async def test_the_first_view_is_the_day_of_the_clock(self, api: Any) -> None:
        assert "Monday, 23 March 2026" in (await api.call("GET", "/")).body
        assert "Monday, 23 March 2026" in (await api.call("GET", "/", day="nonsense")).body

    async def test_names_are_escaped_and_nothing_comes_from_elsewhere(self, api: Any) -> None:
        cut = await api.event_type(title="<script>alert(1)</script>")
        await api.book(cut, "2026-03-24T09:00:00Z")

        page = await api.call("GET", "/", day="2026-03-24", embed="1")

        assert "<script>alert" not in page.body
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in page.headers
        assert '<body class="embed">' in page.body
        assert "http://" not in page.body
        assert "https://" not in page.body

    async def test_probes_are_not_drawn(self, api: Any) -> None:
        probe = await api.event_type(slug="probe-anna", hidden=True)
        await api.book(probe, "2026-03-24T09:00:00Z")

        assert 'class="booking"' not in (await api.call("GET", "/", day="2026-03-24")).body
