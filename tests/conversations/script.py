"""Conversations as plain text: who says what, and what must come of it.

    == A title
    > what the guest says, or a button in brackets: [2] the second, [yes] an id
    < code expects | fragment of the answer | !what must not be in it | start=2026-03-26T15:30
    @ +40 minutes        moves the clock;  @ calendar down / @ calendar up;
                         @ calendar unknown: down, and none of its days was ever read

Besides fragments an expectation may hold ``choices=3``, ``start=`` (of the booking, else of what was requested),
``status=``, ``staff=`` (of the booking), ``lang=`` (default: the file's) and ``calendar=`` (live entries in the calendar).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.simulation.guests import Move
from tests.simulation.rules import check_answer
from tests.support.demo import Demo, Guest

_FACT = re.compile(r"(choices|start|status|staff|lang|calendar)=(\S+)")
_BUTTON = re.compile(r"\[(.+)\]")


@dataclass(frozen=True, slots=True)
class Turn:
    """What the guest does and what is expected; ``clock`` and ``calendar`` come before it."""

    says: str
    code: str
    expects: str
    fragments: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    minutes: int = 0
    calendar: str | None = None


@dataclass
class Script:
    """One conversation."""

    title: str
    language: str
    turns: list[Turn] = field(default_factory=list)


def read_scripts(path: Path) -> Iterator[Script]:
    """All conversations of a file; its name begins with their language."""
    language = path.stem[:2]
    script: Script | None = None
    says, minutes, calendar = "", 0, None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        kind, _, rest = line.partition(" ")
        match kind:
            case "==":
                if script is not None:
                    yield script
                script = Script(rest, language)
            case ">":
                says = rest
            case "@" if moved := re.fullmatch(r"\+(\d+) minutes", rest):
                minutes += int(moved.group(1))
            case "@" if rest in {"calendar down", "calendar up", "calendar unknown"}:
                calendar = rest.split()[1]
            case "<":
                assert script is not None and says, f"{path.name}:{number}: an answer to nothing"
                script.turns.append(_turn(says, rest, minutes, calendar))
                says, minutes, calendar = "", 0, None
            case "" | "#":
                continue
            case _:
                raise ValueError(f"{path.name}:{number}: {line!r}")
    if script is not None:
        yield script


def _turn(says: str, expected: str, minutes: int, calendar: str | None) -> Turn:
    head, *parts = [part.strip() for part in expected.split(" | ")]
    code, expects = head.split()
    facts = tuple(match.groups() for part in parts if (match := _FACT.fullmatch(part)))
    said = [part for part in parts if not _FACT.fullmatch(part)]
    return Turn(
        says,
        code,
        expects,
        tuple(part for part in said if not part.startswith("!")),
        tuple(part[1:] for part in said if part.startswith("!")),
        facts,  # type: ignore[arg-type]
        minutes,
        calendar,
    )


async def play(script: Script, guest: Guest, demo: Demo) -> None:
    """Let the conversation happen; raises AssertionError with everything that was said so far."""
    tenant = await demo.services.tenants.tenant_of("salon-fermata")  # type: ignore[arg-type]
    clock = demo.services.clock
    answers: list[dict[str, Any]] = []
    log = [f"== {script.title}"]
    for turn in script.turns:
        if turn.minutes:
            clock.set(clock.now() + timedelta(minutes=turn.minutes))  # type: ignore[attr-defined]
        if turn.calendar == "unknown":
            await demo.forget_free_time()
        if turn.calendar in {"down", "unknown"}:
            await demo.sandbox.put("/_sandbox/faults", json={"down": True})
        elif turn.calendar == "up":
            await demo.sandbox.request("DELETE", "/_sandbox/faults")
        button = _BUTTON.fullmatch(turn.says)
        if button is not None:
            choice = button.group(1)
            if choice.isdecimal():
                choice = guest.last["choices"][int(choice) - 1]["id"]
            await guest.press(choice)
        else:
            await guest.say(turn.says)
        labels = [choice["label"] for choice in guest.last["choices"]]
        log += [f"> {turn.says}", f"  {guest.text}", f"  {guest.code} {guest.last['expects']} {labels}"]
        try:
            check_answer(guest.last, Move(turn.says, agrees=True), answers, clock.now(), tenant)
            await _check(turn, guest, script.language, demo)
        except AssertionError as problem:
            raise AssertionError("\n".join([*log, f"expected: {turn}", str(problem)])) from None
        answers.append(guest.last)


async def _check(turn: Turn, guest: Guest, language: str, demo: Demo) -> None:
    answer = guest.last
    assert (guest.code, answer["expects"]) == (turn.code, turn.expects)
    for fragment in turn.fragments:
        assert fragment in guest.text, f"{fragment!r} is missing"
    for fragment in turn.absent:
        assert fragment not in guest.text, f"{fragment!r} must not be said"
    facts = dict(turn.facts)
    assert answer["language"] == facts.get("lang", language)
    booking, requested = answer["booking"], answer["outcome"]["requested"]
    assert (booking is not None) == (turn.code in {"booked", "moved", "cancelled"} or "status" in facts)
    seen = {
        "choices": str(len(answer["choices"])),
        "start": (booking or requested or {}).get("start"),
        "status": (booking or {}).get("status"),
        "staff": booking and booking["segments"][0]["staff"],
        "lang": answer["language"],
    }
    if "calendar" in facts:
        seen["calendar"] = str(len(await demo.sandbox_bookings()))
    for fact, value in facts.items():
        found = seen[fact]
        assert found is not None and str(found).startswith(value), f"{fact} is {found}, not {value}"
