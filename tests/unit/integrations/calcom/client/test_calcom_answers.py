"""Error bodies in all their forms become errors of the core, and carry nothing of the guest."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from booking_core.errors import CalendarUnavailable, RateLimited, Refused, Unintelligible
from integrations.calcom.answers import budget_of, error_of, read_complaint, seconds_until_reset

NOW = datetime(2026, 3, 24, 9, 15, tzinfo=UTC)


def enveloped(message, details=None, code="BadRequestException"):
    error = {"code": code, "message": message}
    if details is not None:
        error["details"] = details
    return json.dumps({"status": "error", "timestamp": "t", "path": "/v2/bookings", "error": error}).encode()


def bare(status, message):
    return json.dumps({"statusCode": status, "message": message}).encode()


TAKEN = "User either already has booking at this time or is not available"
LIMIT = "Attendee with this email can't book because the maximum number of active bookings has been reached. (cR8sdStHExnCRBKhcsGFeN)"
NOTICE = 'The event type can\'t be booked at the "start" time provided. This could be because …'


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, enveloped(TAKEN, {"message": TAKEN, "error": "Bad Request", "statusCode": 400}), "taken"),
        (400, enveloped("One of the hosts either already has booking at this time or is not available"), "taken"),
        (409, bare(409, "booking_conflict_error"), "taken"),
        (409, enveloped("No more seats left at this seated booking.", code="ConflictException"), "taken"),
        (409, b"<html>", "taken"),
        (401, bare(401, "booking_limit_reached"), "limit"),
        (403, bare(403, "duration_limit_reached"), "limit"),
        (400, enveloped(LIMIT, {"message": LIMIT}), "limit"),
        (400, enveloped(NOTICE, {"message": NOTICE}), "notice"),
        (400, enveloped("Attempting to book a meeting in the past."), "notice"),
        (404, enveloped("Event type with id 9 not found.", code="NotFoundException"), "gone"),
        (400, enveloped("Can't cancel booking with uid=x because it has been cancelled already."), "gone"),
        (
            400,
            enveloped("Can't reschedule booking with uid=x because it has been cancelled and rescheduled already"),
            "gone",
        ),
        (400, enveloped("", "either already has booking at this time or is not available"), "taken"),
        (400, enveloped("metadata.n - Expected string, received number", code="BAD_REQUEST"), "other"),
        (401, enveloped("CustomThrottlerGuard - Invalid API Key", code="UnauthorizedException"), "other"),
        (400, bare(400, "Cancellation reason is required"), "other"),
        (400, b"[]", "other"),
        (418, b"", "other"),
    ],
)
def test_a_refusal_has_status_and_reason(status, body, reason):
    error = error_of("POST /v2/bookings", status, {}, body, now=NOW)
    assert type(error) is Refused
    assert (error.status, error.reason) == (status, reason)


def test_a_refusal_names_the_symbol_and_keeps_the_message_back():
    errors = [{"target": {"name": "Erika Muster"}, "value": "erika@example.org", "property": "email"}]
    body = enveloped("Bad Request Exception", {"errors": errors})
    error = error_of("POST /v2/bookings", 400, {}, body, now=NOW)
    assert str(error) == "POST /v2/bookings: answered 400 (BadRequestException)"
    assert "rika" not in f"{error!r}{error.data}{vars(error)}"


def test_a_code_that_is_no_symbol_is_not_repeated():
    body = enveloped("x", code="erika@example.org")
    assert str(error_of("GET /x", 400, {}, body, now=NOW)) == "GET /x: answered 400"


@pytest.mark.parametrize("status", [500, 502, 503, 524])
def test_server_errors_leave_the_outcome_open(status):
    error = error_of("POST /v2/bookings", status, {"Retry-After": "7"}, b"<html>down</html>", now=NOW)
    assert type(error) is CalendarUnavailable
    assert error.retry_after == 7


def test_a_redirect_is_unintelligible():
    assert type(error_of("GET /v2/me", 302, {}, b"", now=NOW)) is Unintelligible


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Remaining-Default": "0", "X-RateLimit-Reset-Default": "55"}, 55),
        (
            {
                "x-ratelimit-remaining-burst": "0",
                "x-ratelimit-reset-burst": "3",
                "X-RateLimit-Remaining-Default": "9",
                "X-RateLimit-Reset-Default": "50",
            },
            3,
        ),
        ({"X-RateLimit-Reset-Default": str(int((NOW + timedelta(seconds=20)).timestamp()))}, 20),
        ({"X-RateLimit-Reset-Default": "0"}, 1),
        ({"X-RateLimit-Reset-Default": "soon"}, 60),
        ({"Retry-After": "12", "X-RateLimit-Reset-Default": "55"}, 12),
        ({}, 60),
    ],
)
def test_a_429_says_when_to_come_back(headers, seconds):
    body = enveloped("CustomThrottlerGuard", "CustomThrottlerGuard", "ThrottlerException")
    error = error_of("GET /v2/slots", 429, headers, body, now=NOW)
    assert type(error) is RateLimited
    assert error.retry_after == seconds == seconds_until_reset(headers, now=NOW)


def test_the_budget_is_the_tightest_limit():
    headers = {
        "X-RateLimit-Limit-Default": "120",
        "X-RateLimit-Remaining-Default": "80",
        "X-RateLimit-Reset-Default": "30",
        "X-RateLimit-Limit-Write": "20",
        "X-RateLimit-Remaining-Write": "2",
        "X-RateLimit-Reset-Write": "10",
    }
    budget = budget_of(headers, now=NOW)
    assert (budget.limit, budget.remaining, budget.resets_at) == (20, 2, NOW + timedelta(seconds=10))
    assert budget_of({"Content-Type": "text/html"}, now=NOW) is None


def test_every_recorded_refusal_is_understood(recording):
    bodies = {
        name: exchange["response"] for name, exchange in recording.items() if exchange["response"]["status"] >= 400
    }
    assert len(bodies) > 80
    for name, response in bodies.items():
        raw = json.dumps(response["body"]).encode()
        error = error_of(name, response["status"], response["headers"], raw, now=NOW)
        assert "example.test" not in f"{error} {error.data}", name
        complaint = read_complaint(raw)
        assert complaint.code or complaint.message, name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bookings.create-identical-again", "taken"),
        ("bookings.create-outside-hours", "taken"),
        ("race.two-event-types.3", "taken"),
        ("bookings.limit-2", "limit"),
        ("bookings.bookerlimit-2", "limit"),
        ("bookings.create-within-min-notice", "notice"),
        ("bookings.create-past", "notice"),
        ("bookings.cancel-again", "gone"),
        ("bookings.reschedule-old-again", "gone"),
        ("bookings.cancel-unknown", "gone"),
        ("bookings.cancel-no-reason", "other"),
        ("bookings.cancel-past", "other"),
        ("bookings.authreq-noauth", "other"),
        ("me.bad-key", "other"),
    ],
)
def test_recorded_refusals_have_the_reason(recording, name, reason):
    response = recording[name]["response"]
    error = error_of(name, response["status"], response["headers"], json.dumps(response["body"]).encode(), now=NOW)
    assert isinstance(error, Refused)
    assert error.reason == reason
