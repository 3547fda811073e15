"""Sending over a real socket: exact bytes, and what each kind of no becomes."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest

from booking_core.errors import Misconfigured, Refused, Upstream
from integrations.mail.smtp import Relay, SmtpMailer

MESSAGE = b"From: a@salon.example\r\nTo: jo@example.org\r\nSubject: dots\r\n\r\n.\r\n..two\r\n.BCC: x\r\ntext\r\n"


async def send(mailer, message=MESSAGE):
    await mailer.send(message, sender="a@salon.example", recipient="jo@example.org")


async def test_the_bytes_arrive_as_they_were_given(mailer, mailbox):
    await send(mailer)
    [message] = await mailbox.messages()
    assert message["raw"].encode() == MESSAGE


async def test_eight_bit_bytes_arrive_too(mailer, mailbox):
    message = "From: a@salon.example\r\nSubject: x\r\n\r\nGrüße\r\n".encode()
    await send(mailer, message)
    [stored] = await mailbox.messages()
    assert stored["raw"].encode() == message


async def test_ping_needs_a_relay_that_answers(mailer, mailbox):
    await mailer.ping()
    await mailbox.close()
    with pytest.raises(Upstream):
        await mailer.ping()


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"mail": "553 sender"}, 553),
        ({"rcpt": "550 no such jo@example.org here"}, 550),
        ({"data": "554 spam"}, 554),
    ],
)
async def test_a_permanent_no_is_refused_with_its_code(relay, answers, status):
    with pytest.raises(Refused) as caught:
        await send(SmtpMailer(await relay(**answers) % "", timeout_seconds=5))
    assert caught.value.status == status
    assert "jo@example.org" not in str(caught.value)


@pytest.mark.parametrize("answers", [{"mail": "451 later"}, {"rcpt": "450 greylisted"}, {"data": "452 full"}])
async def test_a_passing_no_is_worth_another_try(relay, answers):
    with pytest.raises(Upstream) as caught:
        await send(SmtpMailer(await relay(**answers) % "", timeout_seconds=5))
    assert not isinstance(caught.value, Refused)


async def test_a_wrong_password_buries_no_mail(relay):
    url = await relay(credentials=("salon", "p@ss:word"))
    await send(SmtpMailer(url % "salon:p%40ss%3Aword@", timeout_seconds=5))
    with pytest.raises(Upstream) as caught:
        await send(SmtpMailer(url % "salon:wrong@", timeout_seconds=5))
    assert not isinstance(caught.value, Refused)
    assert "wrong" not in str(caught.value)


async def test_a_relay_that_is_not_there_is_upstream():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(Upstream):
        await send(SmtpMailer(f"smtp://127.0.0.1:{port}", timeout_seconds=2))


async def test_a_relay_that_hangs_is_upstream_after_the_timeout():
    open_writers = []

    async def say_nothing(reader, writer):
        open_writers.append(writer)

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Upstream):
        await send(SmtpMailer(f"smtp://127.0.0.1:{port}", timeout_seconds=0.3))
    for writer in open_writers:
        writer.close()
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def slow_relay(pause, deaf_to=()):
    """Takes its time for each answer, and does not answer some commands; gives its URL and what it has accepted."""
    accepted, writers = [], []

    async def talk(reader, writer):
        writers.append(writer)

        async def say(line):
            await asyncio.sleep(pause)
            writer.write(line + b"\r\n")

        await say(b"220 hello")
        while line := await reader.readline():
            command = line[:4].strip().upper()
            if command in deaf_to:
                continue
            if command != b"DATA":
                await say(b"221 bye" if command == b"QUIT" else b"250 OK")
                continue
            await say(b"354 go on")
            accepted.append(await reader.readuntil(b"\r\n.\r\n"))
            await say(b"250 OK")

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}?starttls=false", accepted
    finally:
        for writer in writers:
            writer.close()
        server.close()
        await server.wait_closed()


async def test_a_relay_that_is_slow_at_every_step_is_upstream_after_the_whole_time():
    loop = asyncio.get_running_loop()
    async with slow_relay(0.3) as (url, accepted):
        begun = loop.time()
        with pytest.raises(Upstream) as caught:
            await send(SmtpMailer(url, timeout_seconds=5, whole_seconds=0.75))
        assert loop.time() - begun < 1.5
        assert (str(caught.value), accepted) == ("the mail relay failed: TimeoutError", [])


async def test_a_relay_that_takes_no_leave_has_still_accepted_the_message():
    async with slow_relay(0.01, deaf_to=(b"QUIT",)) as (url, accepted):
        await send(SmtpMailer(url, timeout_seconds=30, whole_seconds=5))
        assert len(accepted) == 1


async def test_whoever_breaks_off_does_not_wait_for_the_relay():
    loop = asyncio.get_running_loop()
    async with slow_relay(0.01, deaf_to=(b"MAIL", b"QUIT")) as (url, _):
        begun = loop.time()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await send(SmtpMailer(url, timeout_seconds=30))
        assert loop.time() - begun < 1.5


async def test_a_relay_that_hangs_up_before_its_answer_is_upstream():
    async def hang_up(reader, writer):
        writer.write(b"220 hello\r\n")
        await reader.readline()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Upstream):
        await send(SmtpMailer(f"smtp://127.0.0.1:{port}?starttls=false", timeout_seconds=2))
    server.close()
    await server.wait_closed()


async def test_starttls_is_demanded_where_the_url_says_so(mailbox):
    with pytest.raises(Upstream):
        await send(SmtpMailer(f"smtp://{mailbox.address}?starttls=true", timeout_seconds=5))
    assert await mailbox.messages() == []


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://relay.example", Relay("relay.example", 587)),
        ("smtp://relay.example:25?starttls=false", Relay("relay.example", 25, starttls=False)),
        ("smtp://u:p%40x@relay.example?starttls=TRUE", Relay("relay.example", 587, "u", "p@x", starttls=True)),
        ("smtp+starttls://u:p@relay.example", Relay("relay.example", 587, "u", "p", starttls=True)),
        ("smtps://relay.example/", Relay("relay.example", 465, tls=True, starttls=False)),
        ("smtps://u@relay.example:4650", Relay("relay.example", 4650, "u", tls=True, starttls=False)),
    ],
)
def test_a_url_is_a_relay(url, relay):
    assert Relay.parse(url) == relay


@pytest.mark.parametrize(
    "url",
    [
        "",
        "relay.example:25",
        "http://relay.example",
        "smtp://",
        "smtp://relay.example:port",
        "smtp://u:geheim@h?starttls=maybe",
        "smtp://u:geheim@h?tls=1",
        "smtp://h/path",
        "smtp://[::1",
    ],
)
def test_a_url_that_is_none_is_misconfigured_and_not_repeated(url):
    with pytest.raises(Misconfigured) as caught:
        SmtpMailer(url)
    assert "geheim" not in str(caught.value)


def test_a_relay_does_not_show_its_password():
    assert "geheim" not in repr(Relay.parse("smtp://u:geheim@h"))
