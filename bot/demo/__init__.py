"""The self-contained demo: its tenant, its keys, and the addresses of its parts."""
