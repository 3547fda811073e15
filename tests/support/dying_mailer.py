"""The demo with a mailer that kills its own process: ``before`` a message is sent, or ``after`` the relay has taken it."""

from __future__ import annotations

import os
import signal
import sys

from bot.cli import main
from integrations.mail.smtp import SmtpMailer


def arm(moment: str) -> None:
    """Make the first message the last thing this process does."""
    send = SmtpMailer.send

    async def dying(self: SmtpMailer, message: bytes, *, sender: str, recipient: str) -> None:
        if moment == "after":
            await send(self, message, sender=sender, recipient=recipient)
        os.kill(os.getpid(), signal.SIGKILL)

    SmtpMailer.send = dying  # type: ignore[method-assign]


if __name__ == "__main__":
    arm(sys.argv.pop(1))
    main()
