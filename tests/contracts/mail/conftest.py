"""A mailbox in a temporary folder, and relays that misbehave."""

import asyncio

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from integrations.mail.mailbox import start_mailbox
from integrations.mail.smtp import SmtpMailer


@pytest.fixture
async def mailbox(tmp_path):
    running = await start_mailbox(tmp_path / "mail.sqlite")
    yield running
    await running.close()


@pytest.fixture
def mailer(mailbox):
    return SmtpMailer(mailbox.url, timeout_seconds=5)


class Moody:
    """Answers MAIL, RCPT and DATA as told."""

    def __init__(self, mail="250 OK", rcpt="250 OK", data="250 OK"):
        self.answers = {"mail": mail, "rcpt": rcpt, "data": data}
        self.contents = []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        envelope.mail_from = address
        return self.answers["mail"]

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.answers["rcpt"]

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.contents.append(envelope.original_content)
        return self.answers["data"]


@pytest.fixture
async def relay():
    """Starts a relay with answers of its own; returns its URL."""
    servers = []

    async def start(credentials=None, **answers):
        def accept(server, session, envelope, mechanism, data):
            return AuthResult(success=(data.login.decode(), data.password.decode()) == credentials)

        extra = {"authenticator": accept, "auth_require_tls": False} if credentials else {}
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(Moody(**answers), hostname="localhost", **extra), "127.0.0.1", 0
        )
        servers.append(server)
        return f"smtp://%s127.0.0.1:{server.sockets[0].getsockname()[1]}?starttls=false"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()
