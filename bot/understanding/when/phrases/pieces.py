"""The pieces of meaning themselves, and rows that only pass on what they captured."""

from __future__ import annotations

from typing import Any

from bot.understanding.when import algebra as al
from bot.understanding.when.grammar import Args, Build, Values


def date(node: al.Node | None, **more: Any) -> Values | None:
    """A piece of meaning: these days."""
    return None if node is None else {"date": node, **more}


def skip(a: Args) -> Values | None:
    """A phrase that is not about time, however it looks."""
    return {"skip": True}


def const(**values: Any) -> Build:
    """The same meaning whatever was captured."""
    return lambda a: dict(values)


def pick(key: str, index: int = 0) -> Build:
    """The captured value under another name."""
    return lambda a: {key: a[index]}


def of_last(build: Build) -> Build:
    """Builds from the last captured value alone."""
    return lambda a: build(a[-1:])
