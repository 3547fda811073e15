"""The corpora: what guests say about time, and what it must mean. A failing line is printed as it was asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.understanding.when.command import answer_jsonl

CORPORA = sorted((Path(__file__).parents[4] / "corpus" / "when").glob("*.jsonl"))


def differences(asked: dict[str, Any]) -> list[str]:
    """What an answer got wrong, as field names with both values."""
    got = json.loads(answer_jsonl(json.dumps(asked)))
    out = [
        f"{name}: {_short(got[name])} instead of {asked[name]}"
        for name in ("kind", "start", "end")
        if _short(got[name]) != asked[name]
    ]
    if bool(got.get("ambiguous")) != bool(asked.get("ambiguous")):
        out.append(f"ambiguous: {got.get('ambiguous')}")
    alternatives = [[_short(x) for x in pair] for pair in got.get("alts", [])]
    if ("alts" in asked or not asked.get("ambiguous")) and alternatives != asked.get("alts", []):
        out.append(f"alts: {alternatives} instead of {asked.get('alts', [])}")
    return out


def _short(value: str | None) -> str | None:
    return value[:16] if value and len(value) > 16 else value


@pytest.mark.parametrize("corpus", CORPORA, ids=lambda path: path.stem)
def test_every_line_of_the_corpus_is_understood(corpus: Path) -> None:
    asked = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines()]
    wrong = [f"{a['now']} {a['text']!r}: {'; '.join(d)}" for a in asked if (d := differences(a))]
    assert asked, f"{corpus} is empty"
    assert not wrong, f"{len(wrong)} of {len(asked)}:\n" + "\n".join(wrong[:40])


def test_the_corpora_are_large_enough() -> None:
    sizes = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in CORPORA}
    assert sizes["german"] + sizes["german_tables"] >= 900
    assert sizes["english"] + sizes["english_tables"] >= 700
    assert sizes["german_silent"] + sizes["english_silent"] >= 250
