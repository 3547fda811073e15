"""The chat in a terminal: the same JSON API as the web page, for people who live at a prompt."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any, Final

import httpx
from rich.console import Console

_TIMEOUT_SECONDS: Final = 30.0
_LEAVE: Final = frozenset({"/quit", "/exit", "/q"})


async def talk(base_url: str, tenant: str, language: str | None) -> None:
    """Read lines until the end of input or ``/quit``; a number picks the button of that number."""
    console = Console(highlight=False)
    conversation = "c-" + secrets.token_hex(16)
    choices: list[dict[str, Any]] = []
    console.print(f"[dim]{base_url} · {tenant} · /quit[/dim]")
    async with httpx.AsyncClient(base_url=base_url, timeout=_TIMEOUT_SECONDS) as http:
        while True:
            try:
                line = (await asyncio.to_thread(console.input, "[bold]> [/bold]")).strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line in _LEAVE:
                return
            if not line:
                continue
            body: dict[str, Any] = {"conversation": conversation, "language": language}
            picked = int(line) - 1 if line.isdecimal() else -1
            if 0 <= picked < len(choices):
                body["choice"] = choices[picked]["id"]
            else:
                body["text"] = line
            answer = await _send(http, tenant, body, console)
            if answer is None:
                continue
            for reply in answer["replies"]:
                console.print(reply["text"], style="cyan", markup=False)
            choices = answer["choices"]
            for number, choice in enumerate(choices, start=1):
                console.print(f"  {number}  {choice['label']}", markup=False)


async def _send(
    http: httpx.AsyncClient, tenant: str, body: dict[str, Any], console: Console
) -> dict[str, Any] | None:
    """The answer; what went wrong is told and the guest may go on."""
    headers = {"Idempotency-Key": secrets.token_hex(16)}
    try:
        response = await http.post(f"/api/chat/{tenant}/messages", json=body, headers=headers)
    except httpx.HTTPError:
        console.print(
            f"No answer from {http.base_url}. Is the server running (make run)?", style="red", markup=False
        )
        return None
    content: dict[str, Any] = response.json()
    if response.is_error:
        console.print(f"{content.get('title')}: {content.get('detail')}", style="red", markup=False)
        return None
    return content
