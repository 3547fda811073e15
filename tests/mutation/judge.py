"""Judge mutants in one tree: each in a process of its own, forked after everything was imported that is not ours.

The tree is the working directory and stays as it is: a mutant lives in the memory of its process. Takes the subjects as JSON on
stdin, writes a verdict a line.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, settings

_OURS = ("bot", "booking_core", "integrations", "tests")
_MEMORY = 3 * 2**30
_POLL_SECONDS = 0.02
_SHORTEST_SECONDS = 30.0
_TIMES_AS_LONG = 6.0
# Plugins are there before pytest begins; none of their assertions is rewritten.
_QUIET = ("--tb=line", "-W", "ignore::pytest.PytestAssertRewriteWarning")
_OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-m", "not soak", *_QUIET)
# pytest's exit codes: failures, collection that broke, a plugin or a conftest that cannot be imported; and an error out of
# pytest itself, such as no memory left. Without a mutant there are none.
_BROKEN = 70
_KILLED = {1, 2, 3, 4, _BROKEN}


@dataclass(slots=True)
class Running:
    """A process that judges; ``until`` is when patience ends."""

    number: int
    log: Path
    began: float
    until: float


class Mutant(importlib.machinery.SourceFileLoader):
    """Finds one module with another source than the file's."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        super().__init__(name, str(path))
        self._mutated = source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Only this one."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, fullname: str) -> Any:
        """The mutant, which is never written to a cache."""
        return compile(self._mutated, self.path, "exec", dont_inherit=True)


def run_tests(log: Path, arguments: Sequence[str], mutant: Mutant | None = None) -> int:
    """pytest's exit code, from a fork; the output goes to ``log``."""
    os.setsid()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    if mutant is not None:
        sys.meta_path.insert(0, mutant)
    return int(pytest.main([*_OPTIONS, *arguments]))


def fork(log: Path, arguments: Sequence[str], mutant: Mutant | None = None) -> int:
    """The process that runs the tests."""
    pid = os.fork()
    if pid == 0:
        code = _BROKEN
        try:
            code = run_tests(log, arguments, mutant)
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return pid


def import_what_is_not_ours(arguments: Sequence[str]) -> None:
    """What the tests import from elsewhere, so that no fork has to."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            pytest.main([*_OPTIONS, "--collect-only", *arguments])
            with os.fdopen(writer, "w") as out:
                out.write("\n".join(name for name in sys.modules if name.split(".")[0] not in _OURS))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as found:
        names = found.read().split()
    os.waitpid(pid, 0)
    for name in names:
        # Some are names of the moment only, such as a plugin's, and some warn of themselves.
        with contextlib.suppress(ImportError), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            importlib.import_module(name)


def arguments_of(subject: dict[str, Any]) -> list[str]:
    """Which tests, for pytest."""
    only = ["-k", subject["only"]] if subject["only"] else []
    return [*only, *subject["judges"]]


def module_of(path: str) -> str:
    """The name under which a file is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def baselines(subjects: Sequence[dict[str, Any]], folder: Path) -> dict[str, float]:
    """How long the tests of each module take with nothing changed; they have to pass, and to fail without the module."""
    log = folder / "baseline"
    known: dict[tuple[str, str], float] = {}
    for subject in subjects:
        for test in subject["judges"]:
            if (test, subject["only"]) in known:
                continue
            began = time.monotonic()
            if code := _wait(fork(log, arguments_of({**subject, "judges": [test]}))):
                sys.exit(f"{test} fails without any mutant ({code}):\n{log.read_text()}")
            known[test, subject["only"]] = time.monotonic() - began
        broken = Mutant(module_of(subject["path"]), Path(subject["path"]).resolve(), "raise AssertionError")
        if _wait(fork(log, arguments_of(subject), broken)) not in _KILLED:
            sys.exit(f"the tests of {subject['path']} do not use it:\n{log.read_text()}")
    return {it["path"]: sum(known[test, it["only"]] for test in it["judges"]) for it in subjects}


def judge(mutants: Sequence[dict[str, Any]], subjects: dict[str, Any], jobs: int, until: float) -> Iterator[Any]:
    """A verdict for each mutant until time is up."""
    with tempfile.TemporaryDirectory(prefix="fermata-mutants-") as name:
        folder = Path(name)
        seconds = baselines(list(subjects.values()), folder)
        yield {"baselines": seconds}
        left = list(enumerate(mutants))[::-1]
        running: dict[int, Running] = {}
        while left or running:
            while left and len(running) < jobs and time.monotonic() < until:
                number, mutant = left.pop()
                path = mutant["path"]
                finder = Mutant(module_of(path), Path(path).resolve(), mutant["source"])
                log, now = folder / str(number), time.monotonic()
                patience = max(_SHORTEST_SECONDS, _TIMES_AS_LONG * jobs * seconds[path])
                pid = fork(log, arguments_of(subjects[path]), finder)
                running[pid] = Running(number, log, now, now + patience)
            if left and not running:
                return
            yield from _ended(running)
            time.sleep(_POLL_SECONDS)


def _ended(running: dict[int, Running]) -> Iterator[Any]:
    for pid, one in list(running.items()):
        done, status = os.waitpid(pid, os.WNOHANG)
        late = time.monotonic() > one.until
        if not done and not late:
            continue
        if not done:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            verdict = "timed out"
        else:
            code = os.waitstatus_to_exitcode(status)
            verdict = "survived" if code == 0 else "killed" if code in _KILLED or code < 0 else "odd"
        output = one.log.read_text(errors="replace") if one.log.exists() else ""
        killers = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
        spent = time.monotonic() - one.began
        yield {
            "number": one.number,
            "verdict": verdict,
            "seconds": spent,
            "by": killers[:1] or output[-2000:] * (verdict == "odd"),
        }
        one.log.unlink(missing_ok=True)
        del running[pid]


def _wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main() -> None:
    """Read what there is to do, and do it."""
    task = json.load(sys.stdin)
    # What pytest has compiled once serves every other fork.
    sys.dont_write_bytecode = False
    settings.register_profile("mutants", database=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
    settings.load_profile("mutants")
    subjects = {subject["path"]: subject for subject in task["subjects"]}
    import_what_is_not_ours(sorted({test for subject in subjects.values() for test in subject["judges"]}))
    until = time.monotonic() + task["seconds"]
    for verdict in judge(task["mutants"], subjects, task["jobs"], until):
        sys.stdout.write(json.dumps(verdict) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
