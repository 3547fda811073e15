"""The plan of the mutation check names what is there, and its report counts what it says."""

from __future__ import annotations

from pathlib import Path

from tests.mutation.plan import EQUIVALENT, SUBJECTS, Subject
from tests.mutation.report import Judged, changed_lines, report, shares

ROOT = Path(__file__).resolve().parents[2]
ONE, TWO = Subject("first", "a.py", ["t.py"]), Subject("second", "b.py", ["t.py"])


def judged(path: str, verdict: str, line: int = 3) -> Judged:
    return Judged(path, line, "AddNot", "if x:", "if not x:", verdict, 1.0, "")


def test_every_module_and_every_judge_is_there() -> None:
    for subject in SUBJECTS:
        for path in (subject.path, *subject.judges):
            assert (ROOT / path).is_file(), path


def test_no_module_of_the_planner_is_left_out() -> None:
    planned = {subject.path for subject in SUBJECTS if subject.group == "planner"}
    modules = (ROOT / "booking_core" / "availability").glob("*.py")
    assert planned == {str(it.relative_to(ROOT)) for it in modules if it.stem != "__init__"}


def test_what_is_called_equivalent_is_still_in_the_code() -> None:
    for path, was, _ in EQUIVALENT:
        lines = {line.strip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines()}
        assert set(was.splitlines()) <= lines, (path, was)


def test_what_a_mutant_changed_is_shown_line_by_line() -> None:
    assert changed_lines("a\n  b < c\nd\n", "a\n  b <= c\nd\n") == ("b < c", "b <= c")
    assert changed_lines("a\nb\n", "a\n") == ("b", "")


def test_what_never_ends_is_noticed_and_what_survives_is_not() -> None:
    verdicts = [judged("a.py", "killed"), judged("a.py", "timed out"), judged("b.py", "killed")]
    survived = [judged("b.py", "survived"), judged("b.py", "odd")]
    assert shares([ONE, TWO], [*verdicts, *survived]) == {"first": 1.0, "second": 1 / 3}


def test_the_report_shows_survivors_with_their_place_and_what_there_was_no_time_for() -> None:
    mutants = [{"path": "a.py", "possible": 9}, {"path": "b.py", "possible": 5}, {"path": "b.py", "possible": 5}]
    lines = list(report([ONE, TWO], mutants, [judged("a.py", "killed"), judged("b.py", "survived")], seed="7"))
    assert lines[2:5] == ["b.py:3  AddNot", "  - if x:", "  + if not x:"]
    rows = {line.split()[0]: line.split()[1:] for line in lines if line.startswith(("a.py", "b.py"))}
    assert rows["a.py"] == ["9", "1", "1", "0", "0", "100.0%"]
    assert lines[-1] == "There was no time for 1 of 3 drawn mutants."
