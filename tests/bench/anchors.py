"""What a turn is compared with, served as the product is: a bare JSON echo, and the floor of any turn that remembers.

The floor does one indexed read and one small committed write on the same kind of database, through the product's engines,
and answers the bytes of the turn it stands for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import uvloop
from aiohttp import web
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, bindparam, select
from sqlalchemy.dialects.sqlite import insert

from integrations.sql.engines import Engines, create_engines

_METADATA: Final = MetaData()
_STATES: Final = Table(
    "states", _METADATA, Column("id", String, primary_key=True), Column("state", LargeBinary, nullable=False)
)
_READ: Final = select(_STATES.c.state).where(_STATES.c.id == bindparam("of_id"))
_INSERT: Final = insert(_STATES)
_WRITE: Final = _INSERT.on_conflict_do_update(
    index_elements=[_STATES.c.id], set_={"state": _INSERT.excluded.state}
)
_STATE: Final = bytes(200)

Handler = Callable[[web.Request], Coroutine[Any, Any, web.Response]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the anchors on a free port until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path, help="SQLite file to make")
    parser.add_argument("answers", type=Path, help="JSON object: the floor's answers by name")
    options = parser.parse_args(arguments)
    answers = {name: body.encode() for name, body in json.loads(options.answers.read_text("utf-8")).items()}
    uvloop.run(_serve(options.database, answers))


async def _serve(database: Path, answers: Mapping[str, bytes]) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engines = create_engines(f"sqlite:///{database}")
    try:
        async with engines.writer.begin() as connection:
            await connection.run_sync(_METADATA.create_all)
        app = web.Application()
        app.add_routes([web.post("/echo/{name}", echo), web.post("/floor/{name}", floor(engines, answers))])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            sys.stdout.write(f"The floor is ready: http://127.0.0.1:{runner.addresses[0][1]}\n")
            sys.stdout.flush()
            await stop.wait()
        finally:
            await runner.cleanup()
    finally:
        await engines.dispose()


async def echo(request: web.Request) -> web.Response:
    """The request's JSON, parsed and written again."""
    return web.json_response(await request.json())


def floor(engines: Engines, answers: Mapping[str, bytes]) -> Handler:
    """One read, one committed write, the prepared bytes."""

    async def answer(request: web.Request) -> web.Response:
        conversation = orjson.loads(await request.read())["conversation"]
        async with engines.reader.connect() as connection, connection.begin():
            (await connection.execute(_READ, {"of_id": conversation})).one_or_none()
        async with engines.writer.connect() as connection, connection.begin():
            await connection.execute(_WRITE, {"id": conversation, "state": _STATE})
        return web.Response(body=answers[request.match_info["name"]], content_type="application/json")

    return answer


if __name__ == "__main__":
    main()
