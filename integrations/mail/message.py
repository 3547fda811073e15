"""A mail as MIME: what to read and, with an invitation (RFC 6047), the calendar object to act on and the same as a file.

Every byte is derived from the arguments, so that a mail which is sent a second time is the same mail.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime, quote

from booking_core.errors import InvalidModel
from booking_core.services.invitations import Invitation
from integrations.mail.ics import method_of, plain

_LONGEST_NAME = 200
_LINE = 76  # RFC 2047, 2


@dataclass(frozen=True, slots=True)
class Letter:
    """What the guest reads; both bodies say the same."""

    subject: str
    text: str
    html: str


def build_message(invitation: Invitation, letter: Letter, calendar: bytes | None, *, sender: str) -> bytes:
    """The finished message, CRLF line ends, ASCII only; without a ``calendar`` a letter and nothing else.

    ``sender`` is the address of the From header (the salon's name is put before it); answers go to the salon's own address.
    Raises InvalidModel where the guest has no address or one of the addresses is none.
    """
    if invitation.guest.email is None:
        raise InvalidModel("a guest without an e-mail address cannot be written to", field="attendee.email")
    digest = _digest(invitation)
    sent_from = _spec(sender, "sender")
    headers = [
        ("From", _mailbox(invitation.organizer.name, sent_from)),
        ("To", _mailbox(invitation.guest.name, _spec(invitation.guest.email, "attendee.email"))),
        ("Subject", _unstructured("Subject", letter.subject)),
        ("Date", format_datetime(invitation.stamp.astimezone(invitation.zone).replace(microsecond=0))),
        ("Message-ID", f"<{digest}@{sent_from.rpartition('@')[2]}>"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", plain(invitation.language)),
        ("MIME-Version", "1.0"),
    ]
    if invitation.organizer.email is not None and invitation.organizer.email != sender:
        answers_to = _mailbox(invitation.organizer.name, _spec(invitation.organizer.email, "email"))
        headers.insert(2, ("Reply-To", answers_to))
    body = _alternative(letter, digest)
    if calendar is not None:
        body.attach(_invite(calendar, method_of(invitation.kind)))
        mixed = MIMEPart(policy=SMTP)
        mixed["Content-Type"] = _multipart("mixed", digest)
        for part in (body, _attachment(calendar)):
            mixed.attach(part)
        body = mixed
    # The headers are written here and not by the library's policy, whose folding adds spaces before encoded words.
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii") + body.as_bytes()


def _alternative(letter: Letter, digest: str) -> MIMEPart:
    text, html = (MIMEPart(policy=SMTP) for _ in range(2))
    text.set_content(letter.text, cte="quoted-printable")
    html.set_content(letter.html, subtype="html", cte="quoted-printable")
    alternative = MIMEPart(policy=SMTP)
    alternative["Content-Type"] = _multipart("alternative", digest)
    for part in (text, html):
        alternative.attach(part)
    return alternative


def _invite(calendar: bytes, method: str) -> MIMEPart:
    part = MIMEPart(policy=SMTP)
    # As bytes in base64: the calendar object arrives exactly as it was folded.
    part.set_content(calendar, maintype="text", subtype="calendar", params={"method": method, "charset": "utf-8"})
    return part


def _attachment(calendar: bytes) -> MIMEPart:
    part = MIMEPart(policy=SMTP)
    part.set_content(
        calendar, maintype="application", subtype="ics", disposition="attachment", filename="invite.ics"
    )
    return part


def _multipart(subtype: str, digest: str) -> str:
    # "=_" occurs in neither quoted-printable nor base64, so no body can hold the boundary.
    return f'multipart/{subtype}; boundary="=_{subtype}-{digest}"'


def _digest(invitation: Invitation) -> str:
    identity = f"{invitation.uid}\n{invitation.sequence}\n{invitation.kind}"
    if invitation.cause is not None:
        identity += f"\n{invitation.cause}"
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


def _unstructured(name: str, text: str) -> str:
    shown = plain(text)
    charset = "us-ascii" if shown.isascii() else "utf-8"
    return Header(shown, charset, maxlinelen=_LINE, header_name=name).encode(linesep="\r\n")


def _mailbox(name: str, spec: str) -> str:
    """Display name and address; a line break in the name cannot become a header, nor a comma a second recipient."""
    shown = plain(name)[:_LONGEST_NAME]
    if not shown:
        return spec
    if shown.isascii():
        phrase = f'"{quote(shown)}"'
    else:
        phrase = Header(shown, "utf-8", maxlinelen=_LINE, header_name="Reply-To").encode(linesep="\r\n")
    fits = "\r\n" not in phrase and len(f"Reply-To: {phrase} <{spec}>") <= _LINE
    return f"{phrase} <{spec}>" if fits else f"{phrase}\r\n <{spec}>"


def _spec(address: str, field: str) -> str:
    """A bare ASCII address, its domain in the form of the DNS."""
    local, _, domain = address.rpartition("@")
    try:
        spec = f"{local}@{domain.encode('idna').decode()}"
        if not (spec.isascii() and spec.isprintable() and Address(addr_spec=spec).addr_spec == spec):
            raise ValueError
    except (ValueError, IndexError, HeaderParseError):
        # The cause holds the address; it is not passed on.
        raise InvalidModel("not an e-mail address that can be written to", field=field) from None
    return spec
