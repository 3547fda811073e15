"""``python -m tests.mutation [MODULE …]``: break the code in small ways and see whether the fast tests notice.

By default a sample drawn by a seed; ``FERMATA_MUTANTS=all`` takes every mutant. Fails where less than 90 % of a group are noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from tests.mutation.plan import EQUIVALENT, SUBJECTS, Subject
from tests.mutation.report import Judged, changed_lines, report, shares

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
TOOL = ROOT / ".venv" / "mutation"
LOCK = HERE / "requirements.lock"
ENOUGH = 0.9
_COPIED = ("booking_core", "bot", "integrations", "locales", "tests", "pyproject.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where enough were noticed in every group."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="groups or ends of paths (default: all)")
    parser.add_argument(
        "--count", default=os.environ.get("FERMATA_MUTANTS", "25"), help="of each module, or 'all'"
    )
    parser.add_argument("--seed", default=os.environ.get("FERMATA_MUTANTS_SEED", "1"), help="what draws them")
    minutes = float(os.environ.get("FERMATA_MUTANTS_MINUTES", "60"))
    parser.add_argument("--minutes", type=float, default=minutes, help="after which no other is begun")
    parser.add_argument("--jobs", type=int, default=max(1, os.cpu_count() or 1), help="how many at a time")
    parser.add_argument("--json", type=Path, help="where every verdict goes, besides")
    options = parser.parse_args(arguments)
    count = None if options.count == "all" else int(options.count)
    subjects = [it for it in SUBJECTS if not options.modules or any(_meant(it, name) for name in options.modules)]
    if not subjects:
        parser.error("no such module")
    mutants = make_mutants(subjects, count, options.seed)
    # Module by module in turns: where time runs out, every module has had its share.
    seconds = float("inf") if count is None else options.minutes * 60
    judged = judge(subjects, _in_turns(mutants), seconds=min(seconds, 1e9), jobs=options.jobs)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(it) for it in judged], indent=1, ensure_ascii=False))
    sys.stdout.write("\n".join(report(subjects, mutants, judged, seed=options.seed)) + "\n")
    low = [group for group, share in shares(subjects, judged).items() if share < ENOUGH]
    odd = [it for it in judged if it.verdict == "odd"]
    if low:
        sys.stdout.write(f"FAILED: less than {ENOUGH:.0%} noticed of {', '.join(low)}\n")
    return 1 if low or odd else 0


def make_mutants(subjects: Sequence[Subject], count: int | None, seed: str) -> list[dict[str, Any]]:
    """Drawn mutants of each module, those left out that are known to behave like the original."""
    command = [str(tool()), str(HERE / "mutants.py"), "--seed", seed]
    command += ["--count", str(count)] if count is not None else []
    made = subprocess.run(
        [*command, *(it.path for it in subjects)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    mutants = [json.loads(line) for line in made.stdout.splitlines()]
    for mutant in mutants:
        original = (ROOT / mutant["path"]).read_text(encoding="utf-8")
        mutant["was"], mutant["is"] = changed_lines(original, mutant["source"])
    return [it for it in mutants if (it["path"], it["was"], it["is"]) not in EQUIVALENT]


def judge(
    subjects: Sequence[Subject], mutants: Sequence[dict[str, Any]], *, seconds: float, jobs: int
) -> list[Judged]:
    """What became of each mutant that there was time for, in a copy of the tree."""
    with tempfile.TemporaryDirectory(prefix="fermata-mutation-") as name:
        copy = Path(name)
        for part in _COPIED:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / part)
        task = {
            "subjects": [asdict(it) for it in subjects],
            "mutants": [{"path": it["path"], "source": it["source"]} for it in mutants],
            "seconds": seconds,
            "jobs": jobs,
        }
        command = [sys.executable, "-m", "tests.mutation.judge"]
        with subprocess.Popen(
            command, cwd=copy, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(task))
            process.stdin.close()
            judged = []
            for line in process.stdout:
                answer = json.loads(line)
                if "number" not in answer:
                    continue
                mutant = mutants[answer["number"]]
                judged.append(
                    Judged(
                        mutant["path"],
                        mutant["line"],
                        mutant["operator"],
                        mutant["was"],
                        mutant["is"],
                        answer["verdict"],
                        answer["seconds"],
                        "".join(answer["by"]),
                    )
                )
                _tell(len(judged), len(mutants), judged[-1])
        if process.returncode:
            sys.exit(process.returncode)
    return judged


def tool() -> Path:
    """The Python that has cosmic-ray, installed as it is locked; it is nothing that the product or its tests import."""
    python, stamp = TOOL / "bin" / "python", TOOL / ".installed"
    wanted = LOCK.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(TOOL, with_pip=True, clear=True)
        install = [
            str(python),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
            "--require-hashes",
        ]
        subprocess.run([*install, "-r", str(LOCK)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _meant(subject: Subject, name: str) -> bool:
    return name in {subject.group, subject.path} or subject.path.endswith(f"/{name.removesuffix('.py')}.py")


def _in_turns(mutants: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    by_path: dict[str, list[dict[str, Any]]] = {}
    for mutant in mutants:
        by_path.setdefault(mutant["path"], []).append(mutant)
    return [it for it in chain.from_iterable(zip_longest(*by_path.values())) if it is not None]


def _tell(number: int, of: int, judged: Judged) -> None:
    if judged.verdict != "killed" or number % 25 == 0:
        sys.stdout.write(f"{number}/{of}  {judged.verdict}  {judged.path}:{judged.line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
