"""The chat door as its contract says: fields, errors, repeated and simultaneous requests, restarts."""

from __future__ import annotations

import asyncio
import json
import re

import pytest
from jsonschema import Draft202012Validator

URL = "/api/chat/salon-fermata/messages"


async def test_without_an_id_the_server_makes_an_unguessable_one(demo):
    first = (await demo.http.post(URL, json={"text": "Guten Tag"})).json()
    second = (await demo.http.post(URL, json={"text": "Guten Tag"})).json()
    assert first["conversation"] != second["conversation"]
    assert len(first["conversation"]) >= 32


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "   \n"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "x" * 3000}, "text"),
        ({"text": 5}, "text"),
        ({}, "text"),
        ({"text": "ja", "choice": "yes"}, "text"),
        ({"text": "ja", "conversation": "short"}, "conversation"),
        ({"text": "ja", "conversation": "x" * 65}, "conversation"),
        ({"text": "ja", "conversation": "with space"}, "conversation"),
        ({"text": "ja", "conversation": 12345678}, "conversation"),
        ({"choice": ""}, "choice"),
        ({"choice": {"id": "o1"}}, "choice"),
        ({"text": "ja", "language": "fr"}, "language"),
        ([], "body"),
    ],
)
async def test_a_bad_field_is_named(demo, body, field):
    response = await demo.http.post(URL, json=body)
    assert response.status_code == 422
    assert response.headers["Content-Type"].startswith("application/problem+json")
    problem = response.json()
    assert problem["field"] == field
    assert problem["status"] == 422
    assert problem["title"]


async def test_bad_requests_get_problem_bodies(demo):
    async def status(url=URL, **request):
        response = await demo.http.post(url, **request)
        assert response.headers["Content-Type"].startswith("application/problem+json"), response.text
        assert "Traceback" not in response.text
        return response.status_code

    headers = {"Content-Type": "application/json"}
    assert await status(content=b'{"text": ', headers=headers) == 422
    assert await status(content=b"\xff\xfe", headers=headers) == 422
    assert await status(content=b'{"text":"ja"}', headers={"Content-Type": "text/plain"}) == 415
    assert await status(content=b"x" * (2 << 20), headers=headers) == 413
    assert await status("/api/chat/nobody/messages", json={"text": "hi"}) == 404
    assert await status("/api/chat/nobody/nowhere", json={"text": "hi"}) == 404


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE bookings; --",
        "a\x00b\x07c",
        "\u202e\u200b\ufeff",
        "🙂" * 500,
        "{name} {0} %s ${x}",
        "x" * 2000,
    ],
)
async def test_hostile_text_gets_a_polite_answer(demo, text):
    guest = demo.guest()
    answer = await guest.say(text)
    assert answer["replies"][-1]["text"]
    assert "{" not in guest.text.replace(text, "")
    transcript = (await demo.http.get(URL, params={"conversation": guest.conversation})).json()
    assert transcript["messages"][0]["from"] == "guest"


async def test_the_transcript_holds_the_guests_own_words_and_is_empty_for_strangers(demo):
    guest = demo.guest()
    await guest.say("Herrenschnitt <b>morgen</b> um drei")
    lines = (await demo.http.get(URL, params={"conversation": guest.conversation})).json()
    assert lines["conversation"] == guest.conversation
    assert lines["messages"][0] == {
        "from": "guest",
        "text": "Herrenschnitt <b>morgen</b> um drei",
        "at": lines["messages"][0]["at"],
    }
    assert all(line["from"] == "bot" for line in lines["messages"][1:])
    unknown = (await demo.http.get(URL, params={"conversation": "c-unknown-1234"})).json()
    assert unknown["messages"] == []


async def test_a_stale_choice_is_answered_with_fresh_ones(demo):
    guest = demo.guest()
    first = await guest.say("Herrenschnitt am Donnerstagnachmittag")
    stale = first["choices"][0]["id"]
    second = await guest.say("lieber am Freitag")
    answer = await guest.press(stale)
    assert answer["choices"]
    assert {choice["id"] for choice in answer["choices"]} == {choice["id"] for choice in second["choices"]}
    answer = await guest.press("o999-1")
    assert answer["choices"]


async def test_the_same_id_under_another_tenant_is_another_conversation(demo):
    document = None
    async with demo.services.database.read() as work:
        document = dict((await work.tenants.find("salon-fermata")).document)
    async with demo.services.database.write() as work:
        await work.tenants.put("other-salon", {**document, "tenant": "other-salon", "name": "Other Salon"})
    guest = demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster")
    other = demo.guest(tenant="other-salon", conversation=guest.conversation)
    await other.say("Guten Tag")
    assert other.code == "greeted"
    assert "Other Salon" in other.text
    assert "Max" not in other.text


async def test_the_same_key_and_body_get_the_same_bytes_and_one_effect(demo):
    guest = demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org")
    body = {"conversation": guest.conversation, "text": "ja"}

    async def send():
        return await demo.http.post(URL, json=body, headers={"Idempotency-Key": "k-1"})

    answers = await asyncio.gather(*(send() for _ in range(5)))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert answers[0].json()["outcome"]["code"] == "booked"
    assert (await send()).content == answers[0].content
    assert len(await demo.sandbox_bookings()) == 1
    other = await demo.http.post(URL, json={**body, "text": "nein"}, headers={"Idempotency-Key": "k-1"})
    assert other.status_code == 409


async def test_a_first_message_without_an_id_is_idempotent_too(demo):
    async def send():
        return await demo.http.post(URL, json={"text": "Guten Tag"}, headers={"Idempotency-Key": "first-1"})

    answers = await asyncio.gather(*(send() for _ in range(4)))
    assert {answer.content for answer in answers} == {answers[0].content}


@pytest.mark.parametrize("key", [b"", b"k\xff", b"a\tb", b"k" * 201])
async def test_a_key_that_is_no_text_is_named(demo, key):
    answer = await demo.http.post(URL, json={"text": "Guten Tag"}, headers={b"Idempotency-Key": key})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["field"] == "Idempotency-Key"


async def test_a_tenant_with_control_characters_is_unknown(demo):
    for method in ("POST", "GET"):
        answer = await demo.http.request(method, "/api/chat/salon%00/messages", json={"text": "Guten Tag"})
        assert answer.status_code == 404


async def test_two_messages_at_once_are_handled_one_after_the_other(demo):
    guest = demo.guest()
    await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org")
    answers = await asyncio.gather(
        *(demo.http.post(URL, json={"conversation": guest.conversation, "text": "ja"}) for _ in range(6))
    )
    codes = [answer.json()["outcome"]["code"] for answer in answers]
    assert codes.count("booked") == 1
    assert len(await demo.sandbox_bookings()) == 1
    lines = (await demo.http.get(URL, params={"conversation": guest.conversation})).json()["messages"]
    assert sum(line["from"] == "guest" for line in lines) == 7


async def test_everything_survives_a_restart(start_demo, tmp_path):
    async with start_demo(tmp_path) as demo:
        guest = demo.guest()
        await guest.say("Herrenschnitt morgen um drei, Max Muster, max@example.org")
        assert guest.last["expects"] == "confirm"
    async with start_demo(tmp_path) as demo:
        again = demo.guest(conversation=guest.conversation)
        await again.say("ja")
        assert again.code == "booked"
        assert len(await demo.sandbox_bookings()) == 1
        await again.say("Welche Termine habe ich?")
        assert again.code == "listed"


async def test_health_readiness_metrics_and_demo(demo):
    health = (await demo.http.get("/healthz")).json()
    assert health["status"] == "ok"
    ready = await demo.http.get("/readyz")
    assert ready.status_code == 200
    assert set(ready.json()["checks"]) >= {"database", "calendar", "locks", "queue"}
    await demo.guest().say("Guten Tag")
    metrics = (await demo.http.get("/metrics")).text
    assert 'fermata_turn_seconds_count{outcome="greeted"} 1.0' in metrics
    about = (await demo.http.get("/api/demo")).json()
    assert about["sandbox"].startswith("http://127.0.0.1:")
    assert about["now"].startswith("2026-03-24T10:15")
    assert set(about["staff_keys"]) == {"anna", "ben", "clara"}
    me = await demo.sandbox.get("/v2/me", headers={"Authorization": f"Bearer {about['staff_keys']['anna']}"})
    assert me.json()["data"]["username"] == "anna"


async def test_a_port_that_fails_is_named(demo):
    await demo.sandbox.put("/_sandbox/faults", json={"down": True})
    ready = await demo.http.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["failing"] == ["calendar"]


async def test_pages_are_served_without_third_parties(demo):
    for path in ("/", "/chat/salon-fermata", "/chat/salon-fermata?lang=en", "/chat/salon-fermata?embed=1"):
        page = await demo.http.get(path)
        assert page.status_code == 200, path
        assert "Salon Fermata" in page.text
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert (await demo.http.get("/chat/nobody", headers={"Accept": "text/html"})).status_code == 404
    assert json.loads((await demo.http.get("/api/nothing")).text)["status"] == 404


async def test_every_answer_is_as_the_description_says(demo):
    document = (await demo.http.get("/openapi.json")).json()
    schema = {**document["components"]["schemas"]["Answer"], "components": document["components"]}
    check = Draft202012Validator(schema)
    guest = demo.guest()
    for words in ("Guten Tag", "Herrenschnitt am Donnerstagnachmittag", "2", "Max Muster, max@example.org", "ja"):
        check.validate(await guest.say(words))
    transcript = (await demo.http.get(URL, params={"conversation": guest.conversation})).json()
    schema = {**document["components"]["schemas"]["Transcript"], "components": document["components"]}
    Draft202012Validator(schema).validate(transcript)


async def test_every_link_of_the_start_page_leads_somewhere(demo):
    page = (await demo.http.get("/")).text
    links = set(re.findall(r'href="(/[^"]*)"', page))
    assert {link.split("?")[0] for link in links} >= {"/mailbox", "/console", "/docs", "/openapi.json"}
    for link in links:
        assert (await demo.http.get(link.replace("&amp;", "&"))).status_code == 200, link
