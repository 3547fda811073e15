"""Security headers of every answer. A route that may be embedded elsewhere sets its own policy and keeps it."""

from __future__ import annotations

from typing import Final

from aiohttp import web

API_POLICY: Final = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
CSP: Final = "Content-Security-Policy"


def page_policy(*, frames: str = "", frame_ancestors: str = "'self'") -> str:
    """A Content-Security-Policy for our pages (CSP level 3).

    ``frames`` are further sources that the page may show in frames, ``frame_ancestors`` who may show the page in a frame (``*`` for
    the embeddable chat).
    """
    frame_sources = f"'self' {frames}".strip()
    return (
        f"default-src 'self'; frame-src {frame_sources}; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        f"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {frame_ancestors}"
    )


def set_security_headers(response: web.StreamResponse, page: str) -> None:
    """Set what the route has not set itself; ``page`` is the policy of HTML answers."""
    policy = page if response.content_type == "text/html" else API_POLICY
    response.headers.setdefault(CSP, policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    # Not "no-referrer": it makes browsers send "Origin: null" with our own forms, which then look foreign.
    response.headers.setdefault("Referrer-Policy", "same-origin")
