"""What became of the mutants: counts for each module and group, and every survivor with what it changed."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.mutation.plan import Subject


@dataclass(frozen=True, slots=True)
class Judged:
    """One mutant and its verdict: killed, timed out, survived, or odd where pytest itself broke; ``by`` whom or why."""

    path: str
    line: int
    operator: str
    was: str
    becomes: str
    verdict: str
    seconds: float
    by: str


def changed_lines(original: str, mutated: str) -> tuple[str, str]:
    """The lines that differ, as they were and as they became."""
    gone: list[str] = []
    come: list[str] = []
    for line in difflib.unified_diff(original.splitlines(), mutated.splitlines(), lineterm="", n=0):
        if line.startswith("-") and not line.startswith("---"):
            gone.append(line[1:].strip())
        elif line.startswith("+") and not line.startswith("+++"):
            come.append(line[1:].strip())
    return "\n".join(gone), "\n".join(come)


def shares(subjects: Sequence[Subject], judged: Sequence[Judged]) -> dict[str, float]:
    """How many of each group were noticed; a mutant that never ends is."""
    groups = {subject.path: subject.group for subject in subjects}
    found: dict[str, float] = {}
    for group in dict.fromkeys(groups.values()):
        verdicts = [it.verdict for it in judged if groups[it.path] == group]
        found[group] = _share(Counter(verdicts))
    return found


def report(
    subjects: Sequence[Subject], mutants: Sequence[Mapping[str, Any]], judged: Sequence[Judged], *, seed: str
) -> Iterator[str]:
    """The lines of the report."""
    yield ""
    yield f"Survivors of {len(judged)} mutants (seed {seed}):"
    for it in sorted(judged, key=lambda one: (one.path, one.line)):
        if it.verdict in {"survived", "odd"}:
            yield f"{it.path}:{it.line}  {it.operator}{'  (odd)' if it.verdict == 'odd' else ''}"
            yield from (f"  - {line}" for line in it.was.splitlines())
            yield from (f"  + {line}" for line in it.becomes.splitlines())
            if it.verdict == "odd":
                yield from (f"    {line}" for line in it.by.splitlines()[-5:])
    yield ""
    yield f"{'':<44}{'possible':>9}{'judged':>8}{'killed':>8}{'survived':>10}{'timed out':>11}{'noticed':>9}"
    possible = {it["path"]: int(it["possible"]) for it in mutants}
    rows: dict[str, list[str]] = {}
    for subject in subjects:
        rows.setdefault(subject.group, []).append(subject.path)
    for group, paths in rows.items():
        for path in paths:
            yield _row(path, possible.get(path, 0), [it for it in judged if it.path == path])
        all_possible = sum(possible.get(path, 0) for path in paths)
        yield _row(f"{group}:", all_possible, [it for it in judged if it.path in paths])
    yield _row("in all:", sum(possible.values()), list(judged))
    if len(judged) < len(mutants):
        yield f"There was no time for {len(mutants) - len(judged)} of {len(mutants)} drawn mutants."


def _row(name: str, possible: int, judged: Sequence[Judged]) -> str:
    counts = Counter(it.verdict for it in judged)
    cells = f"{possible:>9}{len(judged):>8}{counts['killed']:>8}{counts['survived']:>10}{counts['timed out']:>11}"
    return f"{name:<44}{cells}{_share(counts):>9.1%}"


def _share(counts: Counter[str]) -> float:
    total = sum(counts.values())
    return (counts["killed"] + counts["timed out"]) / total if total else 1.0
