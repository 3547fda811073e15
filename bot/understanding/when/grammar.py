"""Rows of patterns over tokens, and the choice among what they match.

A row reads like the phrase: words, `{category}` for any token of that category (`<category>` if its
value is of no interest), `a|b` for either, a trailing `?` for what may be missing. All rows of a stage share one tree, so that a text is read
in one pass however many rows there are. Overlapping matches compete by cover, then by weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]
"""What a token stands for: category to value."""

Args = Sequence[Any]
"""The values of the `{category}` elements of a pattern in order, None where an optional one is missing."""

Build = Callable[[Args], Values | None]

_LIMIT = 16  # the longest match in tokens; keeps reading linear


@dataclass(slots=True)
class Item:
    """A token, or a piece of meaning made from several."""

    text: str
    values: Values
    start: int
    end: int
    rules: tuple[str, ...] = ()
    upper: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One phrase. `build` turns the captured values into a new item, or refuses with None."""

    name: str
    pattern: str
    build: Build
    weight: int = 0


@dataclass(slots=True)
class Node:
    """A state of the tree: where each class of tokens leads, and the rows that end here."""

    edges: dict[int, Node] = field(default_factory=dict)
    rows: list[tuple[Row, tuple[tuple[int, tuple[str, ...]] | None, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tree:
    """The rows of one stage, shared by their common beginnings.

    `classes` gives, for a word or a "{category}", the numbers of the pattern elements it satisfies.
    """

    root: Node
    classes: dict[str, tuple[int, ...]]


def grow(rows: Iterable[Row]) -> Tree:
    """The tree of a stage."""
    root = Node()
    numbers: dict[frozenset[str], int] = {}
    for row in rows:
        elements = [_element(part, numbers) for part in row.pattern.split()]
        _insert(root, row, elements, 0, 0, ())
    classes: dict[str, list[int]] = {}
    for options, number in numbers.items():
        for option in options:
            classes.setdefault(option, []).append(number)
    return Tree(root, {k: tuple(v) for k, v in classes.items()})


@dataclass(frozen=True, slots=True)
class _Element:
    number: int
    optional: bool
    captures: tuple[str, ...]


def _element(part: str, numbers: dict[frozenset[str], int]) -> _Element:
    optional = part.endswith("?") and len(part) > 1
    options = part[: len(part) - optional].split("|") if part != "|" else ["|"]
    keys = frozenset("{" + o[1:-1] + "}" if o[0] == "<" and len(o) > 2 else o for o in options)
    captures = tuple(o[1:-1] for o in options if o[0] == "{" and len(o) > 2)
    return _Element(numbers.setdefault(keys, len(numbers)), optional, captures)


def _insert(
    node: Node,
    row: Row,
    elements: Sequence[_Element],
    at: int,
    depth: int,
    slots: tuple[tuple[int, tuple[str, ...]] | None, ...],
) -> None:
    if at == len(elements):
        if depth:
            node.rows.append((row, slots))
        return
    e = elements[at]
    if e.optional:
        _insert(node, row, elements, at + 1, depth, (*slots, None) if e.captures else slots)
    child = node.edges.get(e.number)
    if child is None:
        child = node.edges[e.number] = Node()
    _insert(child, row, elements, at + 1, depth + 1, (*slots, (depth, e.captures)) if e.captures else slots)


def _keys(item: Item, classes: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    keys = classes.get(item.text, ())
    for category in item.values:
        keys += classes.get("{" + category + "}", ())
    return keys


def read(items: Sequence[Item], tree: Tree) -> list[Item]:
    """The items with the best non-overlapping matches replaced by what they mean."""
    n = len(items)
    classes = tree.classes
    keys = [_keys(item, classes) for item in items]
    best: list[tuple[int, Item | None, int]] = [(0, None, 0)] * (n + 1)
    edges = tree.root.edges
    for i in range(n - 1, -1, -1):
        score, choice, to = best[i + 1][0], None, i + 1
        if any(k in edges for k in keys[i]):
            for made, j, worth in _matches(items, keys, i, tree.root):
                total = worth + best[j][0]
                if total > score or (total == score and choice is None):
                    score, choice, to = total, made, j
        best[i] = (score, choice, to)
    out: list[Item] = []
    i = 0
    while i < n:
        _, chosen, to = best[i]
        out.append(items[i] if chosen is None else chosen)
        i = to
    return out


def _matches(
    items: Sequence[Item], keys: Sequence[tuple[int, ...]], i: int, root: Node
) -> list[tuple[Item, int, int]]:
    found: dict[int, tuple[int, Item]] = {}
    stack = [(root, i)]
    n = min(len(items), i + _LIMIT)
    while stack:
        node, j = stack.pop()
        for row, slots in node.rows:
            worth = 10 * (j - i) - 3 + row.weight
            if j in found and found[j][0] >= worth:
                continue
            values = row.build(
                tuple([None if s is None else _captured(items[i + s[0]].values, s[1]) for s in slots])
            )
            if values is not None:
                rules = tuple(r for it in items[i:j] for r in it.rules)
                found[j] = (worth, Item("", values, items[i].start, items[j - 1].end, (*rules, row.name)))
        if j < n and node.edges:
            edges = node.edges
            for key in keys[j]:
                child = edges.get(key)
                if child is not None:
                    stack.append((child, j + 1))
    return [(made, j, worth) for j, (worth, made) in found.items()]


def _captured(values: Values, categories: tuple[str, ...]) -> Any:
    for category in categories:
        if category in values:
            return values[category]
    return None
