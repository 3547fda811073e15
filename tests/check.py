"""Every check in one go with one summary: lint, format, types, import contracts and tests. Run by `make test` and `make lint`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# One process a core; what one has left over another takes.
PARALLEL = ("--numprocesses", "auto", "--maxprocesses", "4", "--dist", "worksteal")


@dataclass(frozen=True, slots=True)
class Result:
    """How one check ended; ``note`` is one short line."""

    name: str
    passed: bool
    seconds: float
    note: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every check, also after one has failed; 0 only if all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-tests", action="store_true", help="lint, types and import contracts only")
    options = parser.parse_args(arguments)
    results = [
        run("ruff check", [str(BIN / "ruff"), "check", "."]),
        run("ruff format", [str(BIN / "ruff"), "format", "--check", "."]),
        run("mypy", [str(BIN / "mypy")]),
        run("import contracts", [str(BIN / "lint-imports")]),
    ]
    skipped: list[str] = []
    if not options.no_tests:
        with tempfile.TemporaryDirectory(prefix="fermata-check-") as folder:
            report = Path(folder) / "report.xml"
            command = [
                sys.executable,
                "-m",
                "pytest",
                "-m",
                "not soak",
                "-rfEs",
                *PARALLEL,
                f"--junitxml={report}",
            ]
            result = run("pytest", command)
            counts, skipped = read_report(report)
        results.append(Result(result.name, result.passed, result.seconds, counts))
    sys.stdout.write("\n" + "\n".join(summary(results, skipped)) + "\n")
    return 0 if all(result.passed for result in results) else 1


def run(name: str, command: Sequence[str]) -> Result:
    """Run one check with its output as it comes."""
    sys.stdout.write(f"\n== {name}\n")
    sys.stdout.flush()
    began = time.monotonic()
    try:
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
    except OSError as error:
        return Result(name, False, 0.0, f"cannot be run: {error}")
    return Result(name, status == 0, time.monotonic() - began)


def read_report(report: Path) -> tuple[str, list[str]]:
    """What pytest counted, and each skipped test with its reason; nothing where pytest did not get so far."""
    if not report.exists():
        return "no report", []
    suites = list(ET.parse(report).getroot().iter("testsuite"))
    skipped = [line for suite in suites for line in _skipped(suite)]
    counts = {name: sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors")}
    counts["skipped"] = len(skipped)
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count or name == "tests"), skipped


def _skipped(suite: ET.Element) -> Iterator[str]:
    for case in suite.iter("testcase"):
        mark = case.find("skipped")
        # An expected failure is reported as skipped, too, and did run.
        if mark is not None and mark.get("type") == "pytest.skip":
            yield f"{case.get('classname')}::{case.get('name')}: {mark.get('message') or 'no reason given'}"


def summary(results: Sequence[Result], skipped: Sequence[str]) -> Iterator[str]:
    """The lines of the table at the end."""
    if skipped:
        yield f"SKIPPED {len(skipped)} tests, which therefore prove nothing here:"
        yield from (f"  {line}" for line in skipped)
        yield ""
    width = max(len(result.name) for result in results)
    for result in results:
        verdict = "ok    " if result.passed else "FAILED"
        yield f"{result.name:<{width}}  {verdict}  {result.seconds:7.1f} s  {result.note}".rstrip()
    failed = [result.name for result in results if not result.passed]
    yield f"{'FAILED: ' + ', '.join(failed) if failed else 'All checks passed'} ({sum(result.seconds for result in results):.0f} s)"


if __name__ == "__main__":
    sys.exit(main())
