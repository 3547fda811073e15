"""Which language a request prefers. What is said in it is left to the catalogues and pages."""

from __future__ import annotations

from collections.abc import Sequence


def best_language(accept_language: str | None, offered: Sequence[str]) -> str:
    """The offered language that Accept-Language (RFC 9110, 12.5.4) weighs most, by primary subtag; else the first offered."""
    weighed = [_weighed(item) for item in (accept_language or "").split(",")]
    for weight, language in sorted(weighed, key=lambda pair: -pair[0]):
        if weight > 0 and language in offered:
            return language
    return offered[0]


def _weighed(item: str) -> tuple[float, str]:
    tag, _, parameter = item.partition(";")
    _, _, quality = parameter.partition("=")
    try:
        weight = float(quality) if quality.strip() else 1.0
    except ValueError:
        weight = 0.0
    return weight, tag.strip().split("-")[0].lower()
