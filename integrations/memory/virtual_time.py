"""Virtual time: an event loop whose clock jumps to the next timer when nothing is ready, and the clock that reads it.

An hour of sleeping takes as long as what happens in it. What is ready runs in the order in which it became ready, timers of
one moment in the order in which they were set, and sets of tasks are walked in the order of their making: two runs of the same
work are the same run. There are no sockets and no threads in such a loop; what would run in a thread runs at once.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar, TypeVarTuple

_Result = TypeVar("_Result")
_Args = TypeVarTuple("_Args")

# Timers nearer than this are of one moment. The loop's own default, a nanosecond, is less than a float can tell after some
# months of virtual time.
_RESOLUTION: Final = 1e-6


class Standstill(RuntimeError):
    """Everybody waits and no timer is set: in virtual time nothing would ever happen again."""


class VirtualTask(asyncio.Task[_Result]):
    """A task that knows its number, so that sets of tasks have the same order in every run."""

    def __init__(self, number: int, coroutine: Any, loop: asyncio.AbstractEventLoop, **options: Any) -> None:
        """Starts as every task does."""
        self._number = number
        super().__init__(coroutine, loop=loop, **options)

    def __hash__(self) -> int:
        """The number, not the address in memory."""
        return self._number

    def __eq__(self, other: object) -> bool:
        """A task equals itself only."""
        return self is other


class VirtualTimeLoop(asyncio.BaseEventLoop):
    """An event loop in virtual time; it begins at second 0. Made for ``asyncio.Runner(loop_factory=VirtualTimeLoop)``.

    Raises Standstill out of ``run_until_complete`` where nothing can go on. What calls back from another thread is not
    supported.
    """

    # The timers of the base class, by their moment; its public interface does not show them.
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self) -> None:
        """At second 0, with nothing to do."""
        super().__init__()
        self._seconds = 0.0
        self._timers = 0
        self._tasks = 0
        self._clock_resolution = _RESOLUTION
        self._selector = _Jump(self)
        self.set_task_factory(_number_tasks)

    def time(self) -> float:
        """Seconds of virtual time since the loop was made."""
        return self._seconds

    def call_at(
        self,
        when: float,
        callback: Callable[[*_Args], object],
        *args: *_Args,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call back at this second; of several at one moment those asked for first come first."""
        self._check_open()
        self._timers += 1
        timer = _Timer(self._timers, when, callback, args, self, context)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def run_in_executor(
        self, executor: Any, func: Callable[[*_Args], _Result], *args: *_Args
    ) -> asyncio.Future[_Result]:
        """Run it at once, in this thread: a second one would bring chance into the order of things."""
        self._check_open()
        future: asyncio.Future[_Result] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def next_number(self) -> int:
        """The number of the next task."""
        self._tasks += 1
        return self._tasks

    def jump(self) -> None:
        """Let it be the moment of the next timer; raises Standstill where there is none."""
        if not self._scheduled:
            raise Standstill("every task waits for another and no timer is set")
        self._seconds = max(self._seconds, self._scheduled[0].when())

    def _check_open(self) -> None:
        if self.is_closed():
            raise RuntimeError("Event loop is closed")

    def _process_events(self, events: list[object]) -> None:
        """There are no sockets."""

    def _write_to_self(self) -> None:
        """There is nobody who sleeps."""


class VirtualClock:
    """Business time and real time that pass with a loop's virtual time; implements ``booking_core.ports.clock.Clock``."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, start: datetime, *, real_start: datetime | None = None
    ) -> None:
        """At second 0 of the loop it is ``start``; real time is business time unless ``real_start`` says otherwise."""
        if start.tzinfo is None or (real_start is not None and real_start.tzinfo is None):
            raise ValueError("the clock is set to an aware instant")
        self._loop = loop
        self._start = start.astimezone(UTC)
        self._real_start = self._start if real_start is None else real_start.astimezone(UTC)

    def now(self) -> datetime:
        """Business time, in UTC."""
        return self._start + timedelta(seconds=self._loop.time())

    def real(self) -> datetime:
        """What stands for real time, in UTC."""
        return self._real_start + timedelta(seconds=self._loop.time())


class _Jump:
    """Where another loop sleeps until its next timer or a socket wakes it, this one jumps."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[object]:
        """Called once a round: ``timeout`` is 0 where something is ready and None where there is no timer."""
        if timeout is None or timeout > 0:
            self._loop.jump()
        return []


class _Timer(asyncio.TimerHandle):
    """A timer with its number, which decides between timers of the same moment."""

    # Of the base class; says whether the loop has it among its timers.
    _scheduled: bool

    def __init__(
        self,
        number: int,
        when: float,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: asyncio.AbstractEventLoop,
        context: Context | None,
    ) -> None:
        super().__init__(when, callback, args, loop, context)
        self._key = (when, number)

    def __lt__(self, other: object) -> bool:
        # All that the heap of timers asks.
        return self._key < other._key if isinstance(other, _Timer) else NotImplemented


def _number_tasks(
    loop: asyncio.AbstractEventLoop,
    coroutine: Coroutine[Any, Any, _Result] | Generator[Any, None, _Result],
    /,
    **options: Any,
) -> asyncio.Future[_Result]:
    assert isinstance(loop, VirtualTimeLoop)
    return VirtualTask(loop.next_number(), coroutine, loop, **options)
