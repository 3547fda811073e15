"""Embedded twins that need no server and no file: clocks, locks and the queue of one process."""
