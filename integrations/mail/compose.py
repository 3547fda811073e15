"""From an invitation to the bytes that are sent: calendar file (where one belongs to it), letter and message put together."""

from __future__ import annotations

from booking_core.services.invitations import Invitation
from integrations.mail.ics import build_calendar, method_of
from integrations.mail.message import build_message
from integrations.mail.rendering import MailRenderer, Translate


def compose(invitation: Invitation, renderer: MailRenderer, t: Translate, *, sender: str) -> bytes:
    """The finished RFC 5322 message; the same arguments give the same bytes.

    Raises InvalidModel where guest or salon have no usable e-mail address.
    """
    calendar = build_calendar(invitation, method_of(invitation.kind)) if invitation.kind.invites else None
    return build_message(invitation, renderer.render(invitation, t), calendar, sender=sender)
