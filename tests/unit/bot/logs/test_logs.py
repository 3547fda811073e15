"""The log chain: one line of JSON per event, and nothing personal or secret in it."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
import phonenumbers
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import configure_logging, make_formatter, mask_conversation, mask_text, mask_value


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Logging configured on a text stream, and everything put back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    target = io.StringIO()
    configure_logging("debug", target)
    yield target
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in stream.getvalue().splitlines()]


def test_both_kinds_of_loggers_write_one_line_of_json(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.stdlib.get_logger("ours").info("booked", count=2)
        logging.getLogger("theirs").warning("slow: %s ms", 30, extra={"route": "/x"})
    ours, theirs = lines(stream)
    assert (
        ours.items()
        >= {"event": "booked", "count": 2, "level": "info", "logger": "ours", "request_id": "r-1"}.items()
    )
    assert (
        theirs.items() >= {"event": "slow: 30 ms", "level": "warning", "logger": "theirs", "route": "/x"}.items()
    )
    assert theirs["request_id"] == "r-1"
    assert datetime.fromisoformat(str(ours["timestamp"])).tzinfo is not None


def test_personal_values_are_hidden_by_their_name_at_any_depth(stream: io.StringIO) -> None:
    structlog.stdlib.get_logger("x").info(
        "turn",
        guest={"name": "Max Muster"},
        items=[{"attendee_name": "Max Muster", "messageText": "Hallo Max"}],
        caller="anonymous Max",
        conversation="c-7f3a9b21",
        message_id=7,
        name=None,
    )
    (line,) = lines(stream)
    assert "Max" not in stream.getvalue() and "7f3a9b21" not in stream.getvalue()
    assert line["conversation"] == "c-7f…"
    assert line["message_id"] == 7
    assert line["name"] is None


def test_exceptions_and_their_tracebacks_are_masked(stream: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError("cannot mail max.muster@example.org or call +49 171 1234567")

    try:
        fail()
    except ValueError:
        structlog.stdlib.get_logger("x").exception("failed")
        logging.getLogger("y").exception("failed, too")
    first, second = lines(stream)
    for line in (first, second):
        text = str(line["exception"])
        assert "ValueError" in text and "test_logs.py" in text
        assert "max.muster" not in text and "1234567" not in text
        assert "m***@e***" in text and "+49…567" in text


def test_parameters_of_failed_statements_and_rejected_input_are_hidden() -> None:
    sql = (
        "[SQL: INSERT INTO guests VALUES (?)]\n[parameters: ('Max Muster', [1])]\n(Background on this error at: x)"
    )
    assert "Max" not in mask_text(sql)
    assert "INSERT INTO guests" in mask_text(sql)
    assert "Max" not in mask_text("input should be int [type=int, input_value='Max', input_type=str]")
    assert "Max" not in mask_text("DETAIL:  Key (name)=(Max) already exists.")


def test_unknown_objects_are_named_and_not_shown() -> None:
    @dataclass
    class Guest:
        name: str

    assert "Max" not in str(mask_value(Guest("Max")))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key cal_live_0a1b2c3d", "0a1b2c3d"),
        ("Authorization: Bearer abc.def-ghi", "abc.def"),
        ("https://user:pass@host/path", "user:pass"),
        ("https://api.telegram.org/bot12345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe", "AAHdqTcvCH"),
        ("token 0123456789abcdef0123456789abcdef", "89abcdef"),
        ("mailto max%40example.org", "max%40example"),
    ],
)
def test_keys_and_tokens_are_masked(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in mask_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-26T15:30:00+01:00 is 2026-11-26 15:30",
        "listening on 127.0.0.1:45123",
        "id 550e8400-e29b-41d4-a716-446655440000",
        "request 0171234567894a3c, saga 1dbd82a2c1088620",
        "took 0.1234567s, 12 of 345 rows",
        "integrations/calcom/client.py line 120",
        "root-colour at salon-fermata with anna",
    ],
)
def test_what_operators_need_stays_readable(text: str) -> None:
    assert mask_text(text) == text


def test_a_line_that_cannot_be_written_is_lost_without_being_shown(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    # The test runner's own handler would raise.
    root.handlers[:] = [handler for handler in root.handlers if getattr(handler, "stream", None) is stream]
    logging.getLogger("x").info("max@example.org %d", "not a number")
    shown = stream.getvalue() + capsys.readouterr().err
    assert "log_line_lost" in shown and "max@" not in shown


def test_odd_values_do_not_cost_the_line(stream: io.StringIO) -> None:
    structlog.stdlib.get_logger("x").info(
        "odd", big=2**80, half="\ud800", data=b"abc", at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    (line,) = lines(stream)
    assert line["big"] == str(2**80)
    assert line["data"] == "<3 bytes>"
    assert line["at"] == "2026-01-01T00:00:00+00:00"


def test_a_long_text_is_masked_in_linear_time() -> None:
    def seconds(unit: str, length: int) -> float:
        began = time.process_time()
        mask_text(unit * (length // len(unit)))
        return time.process_time() - began

    for unit in ("a", "1", "-", "@", "+1 ", "a1", "://", "://a:", "%40", "[parameters: ", "0.0."):
        # Sixteen times the text, at most some fifty times the time; what grows with the square needs 256 times.
        assert seconds(unit, 64_000) < 60 * max(seconds(unit, 4_000), 0.002), unit


def test_conversations_are_shortened() -> None:
    assert mask_conversation("c-7f3a9b21") == "c-7f…"


@given(
    address=st.emails(), before=st.text(max_size=10), place=st.sampled_from(["event", "value", "nested", "error"])
)
def test_no_email_address_survives(address: str, before: str, place: str) -> None:
    line = _logged(f"{before} {address} is unknown", place)
    assert address not in line
    assert address.partition("@")[0] + "@" not in line or len(address.partition("@")[0]) == 1


@st.composite
def phones(draw: st.DrawFn) -> str:
    """Numbers of several countries as people write them."""
    region = draw(st.sampled_from(["DE", "AT", "CH", "GB", "FR", "US", "TR", "PL"]))
    example = phonenumbers.example_number_for_type(
        region,
        draw(st.sampled_from([phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])),
    )
    digits = str(example.national_number)
    # The last digits are free, so that the number is another each time.
    number = phonenumbers.PhoneNumber(
        country_code=example.country_code,
        national_number=int(digits[:-4] + f"{draw(st.integers(0, 9999)):04}"),
    )
    style = draw(st.sampled_from(["E164", "INTERNATIONAL", "NATIONAL", "RFC3966"]))
    written = phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, style))
    separator = draw(st.sampled_from([" ", "/", "-", ".", ""]))
    return written.replace(" ", separator) if style != "RFC3966" else written


@given(phone=phones(), place=st.sampled_from(["event", "value", "nested", "error"]))
def test_no_phone_number_survives(phone: str, place: str) -> None:
    line = _logged(f"call {phone} back", place)
    assert phone not in line
    digits = "".join(character for character in phone if character.isdigit())
    left = "".join(character for character in line if character.isdigit())
    assert digits[-6:] not in left


def _logged(text: str, place: str) -> str:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, text if place == "event" else "said", (), None)
    if place == "value":
        record.detail = text
    elif place == "nested":
        record.detail = {"a": [{"b": (text,)}]}
    elif place == "error":
        try:
            raise RuntimeError(text)
        except RuntimeError as error:
            record.exc_info = (type(error), error, None)
    line = orjson.loads(make_formatter().format(record))
    line.pop("timestamp")
    return str(line)
