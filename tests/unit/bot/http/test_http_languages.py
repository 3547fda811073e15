"""Accept-Language, as browsers send it and as others do."""

from __future__ import annotations

import pytest

from bot.http.languages import best_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT, en;q=0.8", "de"),
        ("en;q=0.5, DE;q=0.9", "de"),
        ("fr, de;q=0.3", "de"),
        ("de;q=0, en;q=0.1", "en"),
        ("de;q=oops, en", "en"),
        ("fr, *;q=0.1", "en"),
    ],
)
def test_the_language_that_weighs_most(header: str | None, language: str) -> None:
    assert best_language(header, ("en", "de")) == language
