"""Embedded twins that need no server and no file: database, calendar, clocks, locks and queue of one process."""
