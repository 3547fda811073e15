"""The product with its locks in Redis: turns take them there, and go on when Redis is gone."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.support.demo import running_demo
from tests.support.redis_server import RedisServer

WISH = "Herrenhaarschnitt bei Ben am Dienstag, den 31. März um 10 Uhr, Max Muster, 0170 1234567"


async def test_a_turn_waits_for_the_conversations_lock_of_another_process(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with running_demo(tmp_path, REDIS_URL=redis_server.url) as demo:
        assert (await demo.http.get("/readyz")).json()["checks"]["locks"] == "ok"
        guest = demo.guest()
        name = f"fermata:{{locks}}:conversation:{guest.tenant}:{guest.conversation}"
        redis_server.ask(f"SET {name} another-process")
        answer = asyncio.create_task(guest.say("Hallo"))
        await asyncio.sleep(0.3)
        assert not answer.done()
        redis_server.ask(f"DEL {name}")
        await answer
        assert redis_server.ask("DBSIZE").startswith(":0")


async def test_guests_book_while_redis_is_flushed_killed_and_started_again(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with running_demo(tmp_path, REDIS_URL=redis_server.url) as demo:
        guest = demo.guest()
        await guest.say("Hallo")
        redis_server.flush()
        await guest.say(WISH)
        assert guest.code == "held"
        redis_server.kill()
        await guest.say("ja")
        assert guest.code == "booked"
        assert (await demo.http.get("/readyz")).json()["failing"] == ["locks"]
        redis_server.start()
        assert (await demo.http.get("/readyz")).json()["checks"]["locks"] == "ok"
        await guest.say("Danke")
        assert len(await demo.sandbox_bookings()) == 1
