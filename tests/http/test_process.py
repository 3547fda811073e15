"""The real process: killed between turns, stopped in the middle of one, dying around a mail; its log and its errors."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.process import demo_process

FERMATA = str(Path(sys.executable).with_name("fermata"))
CONVERSATION = "c-process-1"
WISH = "Herrenschnitt am Donnerstag um 16 Uhr, Max Muster, max.muster@example.org, 0170 1234567"


async def test_killed_between_turns_all_is_still_there_and_the_conversation_goes_on(tmp_path):
    data = tmp_path / "var"
    async with demo_process(data) as demo:
        answer = await demo.say(CONVERSATION, WISH)
        assert answer["expects"] == "confirm"
        await demo.kill()
    async with demo_process(data) as demo:
        answer = await demo.say(CONVERSATION, "ja")
        assert answer["outcome"]["code"] == "booked"
        reference = answer["booking"]["reference"]
        await demo.kill()
    async with demo_process(data, FERMATA_NOW="2026-03-24T10:25") as demo:
        answer = await demo.say(CONVERSATION, "Welche Termine habe ich?")
        assert reference in answer["replies"][0]["text"]
        assert (await demo.say(CONVERSATION, "ja"))["booking"] is None
        (entry,) = await demo.sandbox_bookings()
        assert entry["metadata"]["fermataBooking"] == reference
        # A process killed while it sent the mail still has the row, until its lease has run out.
        async with asyncio.timeout(90):
            while not (mails := await demo.mails()):
                await asyncio.sleep(0.1)
        assert len({mail["raw"] for mail in mails}) == 1
        assert await demo.stop() == 0


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_dying_around_a_mail_loses_none_and_repeats_the_same_bytes_at_most_once(tmp_path, moment):
    data = tmp_path / "var"
    dying = (sys.executable, "-m", "tests.support.dying_mailer", moment, "serve")
    async with demo_process(data, *dying) as demo:
        await demo.say(CONVERSATION, WISH)
        with contextlib.suppress(httpx.TransportError):
            await demo.say(CONVERSATION, "ja")
        async with asyncio.timeout(20):
            await demo.process.wait()
    async with demo_process(data, FERMATA_NOW="2026-03-24T10:20") as demo:
        answer = await demo.say(CONVERSATION, "Welche Termine habe ich?")
        assert answer["outcome"]["code"] == "listed"
        sent = 1 if moment == "before" else 2
        # The dead process still has the row, until its lease has run out.
        async with asyncio.timeout(90):
            while len(mails := await demo.mails()) < sent:
                await asyncio.sleep(0.1)
        assert len({mail["raw"] for mail in mails}) == 1
        assert len(await demo.sandbox_bookings()) == 1
        await demo.say(CONVERSATION, "danke")
        assert len(await demo.mails()) == sent


async def test_a_stop_lets_the_turn_under_way_finish(tmp_path):
    data = tmp_path / "var"
    async with demo_process(data) as demo:
        await demo.say(CONVERSATION, WISH)
        base = (await demo.http.get("/api/demo")).json()["sandbox"]
        async with httpx.AsyncClient() as http:
            await http.put(f"{base}/_sandbox/faults", json={"delay_ms": 1500})
        answering = asyncio.create_task(demo.say(CONVERSATION, "ja"))
        await asyncio.sleep(0.5)  # the turn is under way, its calendar call takes 1.5 s
        assert await demo.stop() == 0
        answer = await answering
        assert answer["outcome"]["code"] == "booked"
    async with demo_process(data) as demo:
        assert len(await demo.sandbox_bookings()) == 1


async def test_the_log_is_json_and_knows_no_guest(tmp_path):
    async with demo_process(tmp_path / "var") as demo:
        await demo.say(CONVERSATION, WISH)
        await demo.say(CONVERSATION, "ja")
        await demo.http.get("/api/chat/salon-fermata/messages", params={"conversation": CONVERSATION})
        await demo.stop()
        log = demo.log.read_text()
    assert '"route": "/api/chat/{tenant}/messages"' in log or '"route":"/api/chat/{tenant}/messages"' in log
    for secret in ("Muster", "max.muster", "1234567", CONVERSATION, "cal_"):
        assert secret not in log, secret


def test_a_wrong_setting_stops_the_start_with_all_errors_at_once(tmp_path):
    done = subprocess.run(
        [FERMATA, "serve"],
        env={
            **os.environ,
            "FERMATA_DEMO": "1",
            "PORT": "99999",
            "FERMATA_NOW": "soon",
            "FERMATA_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "PORT" in done.stderr
    assert "FERMATA_NOW" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_taken_port_is_said_in_words(tmp_path):
    async with demo_process(tmp_path / "var") as demo:
        port = demo.http.base_url.port
        done = await asyncio.to_thread(
            subprocess.run,
            [FERMATA, "serve"],
            env={
                **os.environ,
                "FERMATA_DEMO": "1",
                "PORT": str(port),
                "FERMATA_DATA_DIR": str(tmp_path / "other"),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert f"PORT {port}" in done.stderr
    assert "Traceback" not in done.stderr


async def test_the_demos_clock_goes_on_from_the_last_moment_stored(tmp_path):
    data = tmp_path / "var"
    async with demo_process(data, FERMATA_NOW="2026-03-24T10:15") as demo:
        await demo.say(CONVERSATION, "Guten Tag")
        await demo.stop()
    async with demo_process(data, FERMATA_NOW="2026-03-24T08:00") as demo:
        assert (await demo.http.get("/api/demo")).json()["now"] >= "2026-03-24T10:15:00"
