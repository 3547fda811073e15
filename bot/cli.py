"""The command ``fermata``: every process and every operator's command starts here."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

app = typer.Typer(
    name="fermata",
    help="Fermata, a conversational booking agent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

if TYPE_CHECKING:
    from bot.settings import Settings

tenants = typer.Typer(help="Descriptions of tenants.", no_args_is_help=True)
calcom = typer.Typer(help="The calendar of record.", no_args_is_help=True)
app.add_typer(tenants, name="tenants")
app.add_typer(calcom, name="calcom")
keys = typer.Typer(help="API keys of a tenant, for /api/v2.", no_args_is_help=True)
app.add_typer(keys, name="keys")
mails = typer.Typer(invoke_without_command=True)
callbacks = typer.Typer(invoke_without_command=True)
app.add_typer(mails, name="mails")
app.add_typer(callbacks, name="callbacks")

DEMO_TENANT = "salon-fermata"

EXIT_PROBLEM = 1
EXIT_USAGE = 2
EXIT_UNCHECKED = 3
# Digits that fit into a number of the database.
_LONGEST_ID = 18


def main() -> None:
    """Entry point; what is misconfigured is told in words, never as a traceback."""
    from booking_core.errors import FermataError, Misconfigured, Upstream

    try:
        app()
    except Misconfigured as error:
        typer.echo(f"fermata: {error}", err=True)
        sys.exit(EXIT_USAGE)
    except Upstream as error:
        typer.echo(f"fermata: {error}", err=True)
        sys.exit(EXIT_UNCHECKED)
    except FermataError as error:
        typer.echo(f"fermata: {error}", err=True)
        sys.exit(EXIT_PROBLEM)


@app.command()
def serve() -> None:
    """Serve HTTP; with FERMATA_DEMO=1 the whole demo with sandbox calendar and mailbox."""
    from bot.serving import serve as run

    _run(run(_settings(), tell=_tell))


@app.command()
def worker() -> None:
    """Do background work: send what is in the outbox, settle open bookings."""
    from bot.serving import work

    _run(work(_settings(), tell=_tell))


@app.command()
def scheduler() -> None:
    """Send one tick a minute to the workers."""
    from bot.serving import tick

    _run(tick(_settings(), tell=_tell))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.serving import migrate as run

    _run(run(_settings(), tell=_tell))


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 0,
) -> None:
    """Serve the double of Cal.com alone, with the demo salon's staff."""
    from bot.serving import serve_sandbox

    _run(serve_sandbox(_settings(), port, tell=_tell))


@app.command()
def chat(
    tenant: Annotated[str, typer.Option(help="The tenant to talk to.")] = DEMO_TENANT,
    url: Annotated[str | None, typer.Option(help="Address of a running server.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the first answer: de or en.")] = None,
) -> None:
    """Talk to a running server in the terminal."""
    from bot.channels.terminal import talk

    settings = _settings(quiet=True)
    _run(talk(url or f"http://{settings.host}:{settings.port}", tenant, lang))


@mails.callback()
def list_mails(
    context: typer.Context,
    tenant: Annotated[str, typer.Option(help="The tenant.")] = DEMO_TENANT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Show how many mails wait, and those that were given up (exit 1 where there are any)."""
    context.obj = tenant
    if context.invoked_subcommand is not None:
        return
    from bot.operations import mail_queue

    waiting, dead = asyncio.run(mail_queue(_settings(quiet=True), tenant))
    if as_json:
        typer.echo(json.dumps({"waiting": waiting, "dead": dead}))
    else:
        typer.echo(f"{waiting} waiting, {len(dead)} given up")
        for row in dead:
            typer.echo(f"  {row['id']}  {row['key']}  after {row['attempts']} attempts")
    raise typer.Exit(EXIT_PROBLEM if dead else 0)


@mails.command()
def retry(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="[ID|all]", help="One that was given up, or all.")] = "all",
    tenant: Annotated[str | None, typer.Option(help="The tenant.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Have mails that were given up tried again (exit 1 where there is none of this id)."""
    from bot.operations import retry_mails

    if which != "all" and not (which.isdecimal() and len(which) <= _LONGEST_ID):
        typer.echo("fermata mails retry: give an id as `fermata mails` shows it, or all", err=True)
        raise typer.Exit(EXIT_USAGE)
    item = None if which == "all" else int(which)
    count = asyncio.run(retry_mails(_settings(quiet=True), tenant or context.obj, item))
    typer.echo(json.dumps({"retried": count}) if as_json else f"{count} will be tried again")
    raise typer.Exit(EXIT_PROBLEM if item is not None and not count else 0)


@callbacks.callback()
def list_callbacks(
    context: typer.Context,
    tenant: Annotated[str, typer.Option(help="The tenant.")] = DEMO_TENANT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list on standard output.")] = False,
) -> None:
    """Show whom staff shall call, until when and why (exit 1 where somebody waits)."""
    context.obj = tenant
    if context.invoked_subcommand is not None:
        return
    from bot.operations import open_callbacks

    found = asyncio.run(open_callbacks(_settings(quiet=True), tenant))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        typer.echo(f"{len(found)} waiting")
        for row in found:
            told = (row[column] or "-" for column in ("deadline", "reason", "reference", "name", "phone", "key"))
            typer.echo("  " + "  ".join(told))
    raise typer.Exit(EXIT_PROBLEM if found else 0)


@callbacks.command()
def done(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="The key, last in a line of `fermata callbacks`.")],
    tenant: Annotated[str | None, typer.Option(help="The tenant.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Note that somebody has called (exit 1 where nobody waits under this key)."""
    from bot.operations import close_callback

    was_open = asyncio.run(
        close_callback(_settings(quiet=True), tenant or context.obj, key, now=datetime.now(UTC))
    )
    told = json.dumps({"done": was_open}) if as_json else "done" if was_open else "nobody waits under this key"
    typer.echo(told)
    raise typer.Exit(0 if was_open else EXIT_PROBLEM)


@tenants.command(name="list")
def list_tenants(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Name all tenants."""
    from bot.operations import list_tenants as find

    found = asyncio.run(find(_settings(quiet=True)))
    typer.echo(json.dumps(found) if as_json else "\n".join(found))


@tenants.command(name="import")
def import_tenant(
    file: Annotated[Path, typer.Argument(help="A description in YAML, such as bot/demo/salon.yaml.")],
) -> None:
    """Store a tenant's description, in place of an earlier one of the same id."""
    from bot.operations import import_tenant as store

    typer.echo(asyncio.run(store(_settings(quiet=True), file)))


@tenants.command(name="export")
def export_tenant(
    tenant: Annotated[str, typer.Option(help="The tenant.")] = DEMO_TENANT,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML.")] = False,
) -> None:
    """Print a tenant's description."""
    import yaml

    from bot.operations import export_tenant as find

    document = asyncio.run(find(_settings(quiet=True), tenant))
    text = json.dumps(document, ensure_ascii=False) if as_json else yaml.safe_dump(document, allow_unicode=True)
    typer.echo(text.rstrip())


@keys.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for, such as website.")],
    tenant: Annotated[str, typer.Option(help="The tenant.")] = DEMO_TENANT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Make an API key and print it, this once; only its digest is kept."""
    from bot.operations import create_key

    key = asyncio.run(create_key(_settings(quiet=True), tenant, name))
    typer.echo(json.dumps({"name": name, "key": key}) if as_json else key)


@keys.command(name="list")
def list_all_keys(
    tenant: Annotated[str, typer.Option(help="The tenant.")] = DEMO_TENANT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list on standard output.")] = False,
) -> None:
    """Show the names of the API keys."""
    from bot.operations import list_keys

    names = asyncio.run(list_keys(_settings(quiet=True), tenant))
    typer.echo(json.dumps(names) if as_json else "\n".join(names or ["no keys"]))


@keys.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The name of the key.")],
    tenant: Annotated[str, typer.Option(help="The tenant.")] = DEMO_TENANT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Have an API key open nothing any more, from the next request on (exit 1 where there is none of this name)."""
    from bot.operations import revoke_key

    known = asyncio.run(revoke_key(_settings(quiet=True), tenant, name))
    told = json.dumps({"revoked": known}) if as_json else "revoked" if known else "there is no key of this name"
    typer.echo(told)
    raise typer.Exit(0 if known else EXIT_PROBLEM)


@calcom.command()
def push(
    tenant: Annotated[str, typer.Option(help="The tenant.")] = DEMO_TENANT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Create or change event types in Cal.com so that they match the services; nothing is deleted."""
    from dataclasses import asdict

    from bot.operations import push_event_types

    report = asyncio.run(push_event_types(_settings(quiet=True), tenant, dry_run=dry_run))
    if as_json:
        typer.echo(json.dumps(asdict(report)))
        return
    for name in ("created", "updated", "unchanged"):
        rows: tuple[str, ...] = getattr(report, name)
        typer.echo(f"{len(rows):4} {name}" + (": " + ", ".join(rows) if rows and name != "unchanged" else ""))


@app.command()
def when(
    text: Annotated[str | None, typer.Argument(help="What a guest says about time.")] = None,
    lang: Annotated[str | None, typer.Option(help="de or en; without it both are tried.")] = None,
    now: Annotated[str | None, typer.Option(help="Local time to start from, such as 2026-06-11T09:00.")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone, by default Europe/Berlin.")] = None,
    locale: Annotated[str | None, typer.Option(help="de_DE, de_AT, de_CH, en_GB or en_US.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read one JSON object a line, answer one a line.")
    ] = False,
) -> None:
    """Show how words about time are understood."""
    from bot.understanding.when.command import BadLine, answer_jsonl, explain

    if jsonl:
        for line in sys.stdin:
            if line.strip():
                sys.stdout.write(answer_jsonl(line, zone) + "\n")
                sys.stdout.flush()
        return
    if text is None:
        typer.echo("fermata when: give a text, or --jsonl", err=True)
        raise typer.Exit(EXIT_USAGE)
    place = zone or ("Europe/London" if locale == "en_GB" else "Europe/Berlin")
    try:
        started = datetime.fromisoformat(now) if now else datetime.now(ZoneInfo(place)).replace(tzinfo=None)
        typer.echo(explain(text, lang, started, place, locale))
    except (BadLine, ValueError, ZoneInfoNotFoundError) as error:
        typer.echo(f"fermata when: {error}", err=True)
        raise typer.Exit(EXIT_USAGE) from None


@app.command()
def sim(
    seeds: Annotated[int | None, typer.Option(min=1, help="How many worlds; 10, or 1 with --seed.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="The first seed; two runs of one seed are the same run.")
    ] = None,
    guests: Annotated[int, typer.Option(min=1, help="How many guests come in each world.")] = 200,
    story: Annotated[bool, typer.Option("--story", help="Tell what happens, line by line.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Simulate guests, a bad calendar and dying processes in virtual time; exit 1 where the books do not balance."""
    from bot.logs import configure_logging
    from bot.simulation.play import play_all
    from bot.simulation.report import Report, violations_of
    from bot.wiring.simulation import simulator

    # What is logged of every fault would be long; what matters is in the balance.
    configure_logging("critical", sys.stderr)
    report = Report()
    lines: list[str] = []
    first = 1 if seed is None else seed
    last = first + (seeds or (10 if seed is None else 1))
    for played in play_all(simulator(), range(first, last), guests):
        report.add(played)
        if as_json:
            lines += played.story if story else ()
            continue
        for line in (*(played.story if story else ()), *violations_of(played)):
            typer.echo(line)
    typer.echo(report.to_json(lines if story else None) if as_json else report.line())
    raise typer.Exit(EXIT_PROBLEM if report.found else 0)


@app.command(name="settings")
def show_settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="As the table in the README.")] = False,
) -> None:
    """Show every variable with its default and meaning, or the settings in force with secrets hidden."""
    from bot.settings import settings_table

    if markdown:
        typer.echo(settings_table(), nl=False)
        return
    typer.echo(
        json.dumps(_settings(quiet=True).model_dump(mode="json", exclude={"warnings"}), indent=2, default=str)
    )


def _settings(*, quiet: bool = False) -> Settings:
    from bot.logs import configure_logging
    from bot.settings import load_settings

    settings = load_settings(os.environ)
    configure_logging("error" if quiet else settings.log_level, sys.stderr)
    return settings


def _tell(text: str) -> None:
    typer.echo(text, err=True)


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop

        uvloop.run(coroutine)
    except ImportError:
        asyncio.run(coroutine)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
