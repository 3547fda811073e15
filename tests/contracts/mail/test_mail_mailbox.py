"""The demo's mailbox: nothing that was acknowledged is lost, and everything can be shown."""

import asyncio
import logging

import aiosmtplib
import pytest

from integrations.mail.mailbox import message_view, start_mailbox
from integrations.mail.smtp import SmtpMailer


def mail(number):
    return f"From: Salon <a@salon.example>\r\nTo: jo@example.org\r\nSubject: mail {number}\r\nDate: Tue, 24 Mar 2026 10:15:00 +0100\r\n\r\nbody {number}\r\n".encode()


async def test_messages_come_newest_first_with_their_facts(mailbox, mailer):
    for number in (1, 2):
        await mailer.send(mail(number), sender="a@salon.example", recipient="jo@example.org")
    second, first = await mailbox.messages()
    assert (first["subject"], second["subject"]) == ("mail 1", "mail 2")
    assert first["id"] != second["id"]
    assert first == {
        "id": first["id"],
        "from": "Salon <a@salon.example>",
        "to": "jo@example.org",
        "subject": "mail 1",
        "date": "Tue, 24 Mar 2026 10:15:00 +0100",
        "headers": {
            "From": "Salon <a@salon.example>",
            "To": "jo@example.org",
            "Subject": "mail 1",
            "Date": "Tue, 24 Mar 2026 10:15:00 +0100",
        },
        "parts": [{"type": "text/plain", "text": "body 1\n"}],
        "raw": mail(1).decode(),
    }


async def test_messages_outlive_the_server(tmp_path):
    database = tmp_path / "new" / "mail.sqlite"
    first = await start_mailbox(database)
    await SmtpMailer(first.url).send(mail(1), sender="a@salon.example", recipient="jo@example.org")
    await first.close()
    second = await start_mailbox(database)
    await SmtpMailer(second.url).send(mail(2), sender="a@salon.example", recipient="jo@example.org")
    assert [message["subject"] for message in await second.messages()] == ["mail 2", "mail 1"]
    await second.close()


async def test_simultaneous_senders_lose_nothing(mailbox, mailer):
    sendings = (
        mailer.send(mail(number), sender="a@salon.example", recipient="jo@example.org") for number in range(20)
    )
    await asyncio.gather(*sendings)
    assert {message["subject"] for message in await mailbox.messages()} == {
        f"mail {number}" for number in range(20)
    }


async def test_a_message_that_cannot_be_kept_is_not_acknowledged(tmp_path):
    running = await start_mailbox(tmp_path / "mail.sqlite")
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "mail.sqlite").mkdir()
    host, _, port = running.address.partition(":")
    with pytest.raises(aiosmtplib.SMTPDataError) as caught:
        await aiosmtplib.send(
            mail(1), sender="a@b.example", recipients=["c@d.example"], hostname=host, port=int(port)
        )
    assert caught.value.code == 451
    await running.close()


async def test_closing_ends_open_connections(mailbox):
    host, _, port = mailbox.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    assert (await reader.readline()).startswith(b"220")
    async with asyncio.timeout(5):
        await mailbox.close()
        assert await reader.read() == b""
    writer.close()


async def test_addresses_do_not_reach_the_log(mailbox, mailer, caplog):
    with caplog.at_level(logging.INFO):
        await mailer.send(mail(1), sender="a@salon.example", recipient="jo@example.org")
    assert len(await mailbox.messages()) == 1
    assert "example" not in caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no header at all",
        b"From: =?utf-8?q?broken\r\nTo: <<<>>>,;:\r\nSubject: \xff\xfe\r\nDate: yesterday\r\n\r\n\xff\xfe",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\nGr\xc3\xbc\xc3\x9fe",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x",
        b"Content-Type: ;;;=\r\nContent-Type: image/png\r\n\r\n\x89PNG",
        b'To: a@[\r\nFrom: "\r\nReply-To: :;\r\nMessage-ID: <\r\n\r\nx',
    ],
)
def test_whatever_came_in_can_be_shown(raw):
    view = message_view(raw, "7")
    assert view["id"] == "7"
    assert all(isinstance(view[name], str) for name in ("from", "to", "subject", "date", "raw"))
    assert all(isinstance(part["text"], str) for part in view["parts"])


def test_an_unknown_charset_is_read_as_utf_8():
    view = message_view(b"Content-Type: text/plain; charset=nonsense\r\n\r\nGr\xc3\xbc\xc3\x9fe", "1")
    assert view["parts"] == [{"type": "text/plain", "text": "Grüße"}]


def test_encoded_and_repeated_headers_are_readable():
    raw = b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nReceived: one\r\nReceived: two\r\n\r\n"
    view = message_view(raw, "1")
    assert view["subject"] == "Grüße"
    assert view["headers"]["Received"] == "one\ntwo"
