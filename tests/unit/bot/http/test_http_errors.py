"""Every error leaves as a problem body or a page, never as a traceback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientPayloadError, web
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from booking_core.errors import (
    BadSignature,
    CalendarUnavailable,
    FermataError,
    IllegalMove,
    Misconfigured,
    MissingPermission,
    NotAllowed,
    NoticeTooShort,
    Refused,
    SlotTaken,
    StaleConversation,
    Unintelligible,
    UnknownService,
    UnknownTenant,
    Upstream,
)
from bot.http.middleware import HttpParts
from bot.http.problems import MEDIA_TYPE, HttpProblem, as_problem, problem, retry_after

Serve = Callable[..., Awaitable[TestClient[web.Request, web.Application]]]

ALTERNATIVES = [{"start": "2026-11-26T15:30+01:00", "end": "2026-11-26T16:00+01:00", "staff": ["anna"]}]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NoticeTooShort(), 422, "notice_too_short"),
        (UnknownService(), 422, "unknown_service"),
        (IllegalMove(), 409, "illegal_move"),
        (SlotTaken(), 409, "slot_taken"),
        (StaleConversation(), 409, "stale_conversation"),
        (BadSignature(), 401, "bad_signature"),
        (MissingPermission(), 403, "missing_permission"),
        (UnknownTenant(), 404, "unknown_tenant"),
        (NotAllowed(), 403, "not_allowed"),
        (CalendarUnavailable(), 503, "calendar_down"),
        (Refused(status=400), 502, "refused"),
        (Unintelligible(), 502, "unintelligible"),
        (Upstream(), 502, "upstream_error"),
        (Misconfigured("PORT: hush"), 500, "internal"),
        (FermataError("hush"), 500, "internal"),
    ],
)
def test_each_error_of_the_business_has_a_status(error: FermataError, status: int, code: str) -> None:
    found = as_problem(error)
    assert (found.status, found.code) == (status, code)


def test_only_public_words_and_data_leave() -> None:
    assert as_problem(SlotTaken("15:30 is taken", alternatives=ALTERNATIVES, owner="hush")).extra == {
        "field": None,
        "alternatives": ALTERNATIVES,
    }
    assert as_problem(UnknownService("no such service: x", field="service")).detail == "no such service: x"
    for error in (Upstream("hush"), BadSignature("hush"), Misconfigured("hush"), FermataError("hush")):
        assert "hush" not in str(as_problem(error).detail)


def test_retry_after_is_positive_and_whole() -> None:
    assert [retry_after(seconds)["Retry-After"] for seconds in (-3, 0, 0.2, 1.0, 1.1, 61)] == [
        "1",
        "1",
        "1",
        "1",
        "2",
        "61",
    ]


def test_a_problem_leaves_out_what_it_does_not_know() -> None:
    assert problem(422, "invalid", "No", field="text", alternatives=None).body == (
        b'{"type":"/problems/invalid","title":"No","status":422,"code":"invalid","field":"text"}'
    )


async def test_problems_over_http(parts: HttpParts, serve: Serve) -> None:
    raises = (
        SlotTaken(alternatives=ALTERNATIVES),
        CalendarUnavailable(retry_after=12.3),
        HttpProblem(422, "invalid", "text is too long", field="text"),
        ZeroDivisionError("hush in /secret/path.py"),
        web.HTTPConflict(text="hush"),
        ConnectionResetError("hush: the database went away"),
    )
    client = await serve(parts, raises=raises)
    answers = [await client.get(f"/api/raise/{number}") for number in range(len(raises))]
    bodies = [await answer.json(content_type=MEDIA_TYPE) for answer in answers]
    assert [answer.status for answer in answers] == [409, 503, 422, 500, 409, 500]
    assert [body["code"] for body in bodies] == [
        "slot_taken",
        "calendar_down",
        "invalid",
        "internal",
        "conflict",
        "internal",
    ]
    assert bodies[0]["alternatives"] == ALTERNATIVES
    assert answers[1].headers["Retry-After"] == "13"
    assert bodies[2]["field"] == "text" and bodies[2]["detail"] == "text is too long"
    for answer, body in zip(answers, bodies, strict=True):
        assert body["status"] == answer.status
        assert body["type"] == f"/problems/{body['code']}"
        text = await answer.text()
        assert "hush" not in text and "Traceback" not in text


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (CalendarUnavailable(retry_after=13), "info"),
        (SlotTaken(), None),
        (StaleConversation(), None),
        (Refused(status=400), "warning"),
        (Misconfigured("PORT"), "warning"),
        (KeyError("PORT"), "error"),
    ],
)
async def test_only_what_is_ours_to_mend_is_a_warning(
    parts: HttpParts, serve: Serve, error: Exception, level: str | None
) -> None:
    client = await serve(parts, raises=(error,))
    with capture_logs() as lines:
        await client.get("/api/raise/0")
    told = [line for line in lines if line["event"] in {"request_failed", "request_crashed"}]
    assert [line["log_level"] for line in told] == ([level] if level else [])
    assert [("exc_info" in line) for line in told] == ([level != "info"] if level else [])


async def test_titles_follow_the_language(parts: HttpParts, serve: Serve) -> None:
    client = await serve(parts, raises=(UnknownTenant(),))
    titles = []
    for accepted in ("de-AT,en;q=0.5", "en", "fr"):
        answer = await client.get("/api/raise/0", headers={"Accept-Language": accepted})
        titles.append((await answer.json(content_type=MEDIA_TYPE))["title"])
    translations = parts.translations
    english = translations.text("en", "problem.unknown_tenant")
    assert titles == [translations.text("de", "problem.unknown_tenant"), english, english]


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        (("GET", "/api/nothing", "text/html"), 404, MEDIA_TYPE),
        (("DELETE", "/api/echo", "*/*"), 405, MEDIA_TYPE),
        (("GET", "/nothing", "text/html,*/*"), 404, "text/html"),
        (("GET", "/nothing", "*/*"), 404, "text/html"),
        (("GET", "/nothing", "application/json"), 404, MEDIA_TYPE),
        (("POST", "/page", "text/html"), 405, "text/html"),
        (("GET", "/voice/x/retell", "*/*"), 404, MEDIA_TYPE),
    ],
)
async def test_people_get_pages_and_machines_problems(
    parts: HttpParts, serve: Serve, asked: tuple[str, str, str], status: int, kind: str
) -> None:
    method, path, accept = asked
    client = await serve(parts)
    answer = await client.request(method, path, headers={"Accept": accept})
    assert (answer.status, answer.content_type) == (status, kind)
    if status == 405:
        assert answer.headers["Allow"]


async def test_redirections_pass(parts: HttpParts, serve: Serve) -> None:
    client = await serve(parts, raises=(web.HTTPSeeOther("/page"),))
    answer = await client.get("/api/raise/0", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/page")


async def test_a_stream_that_breaks_is_cut_and_not_continued_with_an_error(parts: HttpParts, serve: Serve) -> None:
    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"first")
        raise ValueError("hush")

    client = await serve(parts, web.get("/stream", stream))
    answer = await client.get("/stream")
    assert answer.status == 200
    with pytest.raises(ClientPayloadError):
        await answer.read()
