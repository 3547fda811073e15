"""Migrations: forward only, numbered, each says whether it runs before or after the deploy of the code that needs it."""
