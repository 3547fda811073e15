"""Invitations as iCalendar files and mail, the relay that sends them, and the demo's mailbox."""
