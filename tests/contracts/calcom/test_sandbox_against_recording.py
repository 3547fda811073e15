"""The sandbox held against what a real Cal.com V2 server was asked and answered.

Status, keys, JSON types and values are compared, of answers and of webhooks. Without a recording the tests
are skipped.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from typing import Any

# Prefix of the exchange's name -> why it is not replayed.
LEFT_OUT = {
    "race.reserve": "how many of several simultaneous reservations pass is chance",
    "atoms.": "internal API of Cal.com's own web components",
    "event-types.legacy-patch": "patch of version 2024-04-15 after the internal API",
    "event-types.patch-after-atoms": "state made by the internal API",
    "event-types.get-after-db-metadata": "state made by hand in the server's database",
    "bookings.calendar-links": "links for calendar programs are not part of the sandbox",
    "bookings.version-2026": "list of version 2024-04-15 is not part of the sandbox",
    "calendars.list": "connected calendars are not part of the sandbox",
    "busy-times": "connected calendars are not part of the sandbox",
}
# Prefix -> why only status and the shape of the first elements are compared.
SHAPE_ONLY = {
    "slots.dst-spring": "the real server shifts or drops hours of a night with a clock change",
    "slots.dst-autumn": "the real server shifts or drops hours of a night with a clock change",
    "slots.window-out": "the real server strays outside the asked range with a rolling window",
}
# Lists whose order is the database's own.
IN_ANY_ORDER = frozenset({"event-types.list", "event-types.list-public-by-username"})

# Differences of webhooks that are known and do not matter.
OTHER_IN_HOOKS = (
    r"\.payload\.metadata\.videoCallUrl: missing",  # empty, after a confirmation
    r"\.payload\.iCalUID: ",  # of a group, where it is no booking's uid
    r"\.payload\.(responses\.\w+: new|iCalSequence: 1 became 2)",  # of an event type patched by the internal API
)


async def test_the_sandbox_answers_as_the_real_server_did(replay: Any, recorded_exchanges: list[Any]) -> None:
    await replay.play(recorded_exchanges, LEFT_OUT, SHAPE_ONLY, IN_ANY_ORDER)

    assert not replay.differences, "\n".join(replay.differences)
    assert len(replay.compared) + sum(replay.left_out.values()) == len(recorded_exchanges)
    assert len(replay.compared) > 400, replay.left_out


async def test_webhooks_are_those_of_the_real_server(
    replay: Any,
    receiver: Any,
    recorded_exchanges: list[Any],
    recorded_hooks: list[Any],
    differences: Callable[..., list[str]],
) -> None:
    await replay.play(recorded_exchanges, LEFT_OUT, SHAPE_ONLY, IN_ANY_ORDER)

    answered: dict[tuple[str, ...], list[Any]] = {}
    for hook in receiver.hooks:
        answered.setdefault(hook.about(), []).append(hook)
    found: list[str] = []
    compared = 0
    for hook, secret in recorded_hooks:
        if hook.about()[2] in replay.by_chance:
            continue
        same = answered.get(hook.about(replay.translation))
        if not same:
            found.append(f"not sent: {hook.about()}")
            continue
        sent = same.pop(0)
        compared += 1
        assert sent.headers["X-Cal-Signature-256"] == _signature(secret, sent.body)
        for name in ("Content-Type", "X-Cal-Webhook-Version"):
            assert sent.headers[name] == hook.headers[name]
        found += [
            f"{hook.about()} {text}"
            for text in differences(hook.content, sent.content, replay.translation)
            if not any(re.search(pattern, text) for pattern in OTHER_IN_HOOKS)
        ]
    assert not found, "\n".join(found)
    assert compared > 200


def _signature(secret: str | None, body: bytes) -> str:
    return hmac.new(secret.encode(), body, "sha256").hexdigest() if secret else "no-secret-provided"


def test_a_difference_is_noticed(differences: Callable[..., list[str]]) -> None:
    recorded = {"data": {"uid": "a", "start": "x", "hosts": [{"id": 1}]}, "status": "success"}
    answered = {"data": {"uid": "b", "start": "y", "hosts": []}, "status": 1, "new": True}

    found = set(differences(recorded, answered))

    assert found == {
        ".new: new",
        ".data.start: 'x' became 'y'",
        ".data.hosts: 1 elements became 0",
        ".status: str became int: 1",
    }
