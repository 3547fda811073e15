"""Make mutants of some modules, drawn by a seed. Run by the Python that has cosmic-ray; JSON lines come out.

It has an environment of its own, so that nothing here may import more than cosmic-ray and the standard library.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import parso
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

Place = tuple[int, int]

# One change of meaning for each operator; what a type checker would find at once, such as < between enums, proves nothing.
_COMPARISONS = "Eq_NotEq NotEq_Eq Lt_LtE Lt_GtE LtE_Lt LtE_Gt Gt_GtE Gt_LtE GtE_Gt GtE_Lt Is_IsNot IsNot_Is"
_BINARY = (
    "Add_Sub Sub_Add Mul_FloorDiv Div_Mul FloorDiv_Mul Mod_FloorDiv Pow_Mul LShift_RShift RShift_LShift "
    "BitAnd_BitOr BitOr_BitAnd BitXor_BitOr"
)
_OTHERS = (
    "ReplaceUnaryOperator_Delete_USub ReplaceUnaryOperator_Delete_Invert ReplaceUnaryOperator_Delete_Not AddNot "
    "ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd ReplaceBreakWithContinue "
    "ReplaceContinueWithBreak ExceptionReplacer NumberReplacer ZeroIterationForLoop"
)
_NAMES = (
    *(f"ReplaceComparisonOperator_{name}" for name in _COMPARISONS.split()),
    *(f"ReplaceBinaryOperator_{name}" for name in _BINARY.split()),
    *_OTHERS.split(),
)
_STATEMENTS = {"atom_expr", "power", "raise_stmt", "await"}
_MEMBERSHIP = (["in"], ["not", "in"])


class StatementRemover(Operator):
    """Leaves out a call whose answer nobody uses, a raise, or an augmented assignment: a write that is forgotten."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Place, Place]]:
        """The statement, where it is one of these."""
        if getattr(node, "type", "") != "simple_stmt":
            return
        first = node.children[0]
        augmented = first.type == "expr_stmt" and first.children[1].type in {"augassign", "operator"}
        if first.type in _STATEMENTS or (augmented and first.children[1].get_code().strip() != "="):
            yield first.start_pos, first.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """``pass`` in its place."""
        first = node.children[0]
        node.children[0] = parso.python.tree.Keyword("pass", first.start_pos, prefix=first.get_first_leaf().prefix)
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        """None."""
        return ()


class MembershipFlip(Operator):
    """``in`` becomes ``not in`` and the other way round, in conditions and filters."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Place, Place]]:
        """The word itself."""
        if getattr(node, "type", "") == "comparison" and node.children[1].get_code().split() in _MEMBERSHIP:
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """The opposite."""
        word = node.children[1]
        other = "not in" if word.get_code().split() == ["in"] else "in"
        node.children[1] = parso.python.tree.Keyword(other, word.start_pos, prefix=" ")
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        """None."""
        return ()


def mutants_of(path: Path, count: int | None, seed: str) -> Iterator[dict[str, Any]]:
    """So many mutants of a module that can be compiled: line, what was done, the whole source, and how many there are in all."""
    source = path.read_text(encoding="utf-8")
    quiet = list(_quiet(ast.parse(source)))
    provider = OperatorProvider()
    operators: dict[str, Operator] = {name: provider[name]() for name in _NAMES}
    operators |= {own.__name__: own() for own in (StatementRemover, MembershipFlip)}
    possible = [
        (start, name, occurrence)
        for name, operator in operators.items()
        for occurrence, start in enumerate(_positions(operator, source))
        if not any(first <= start < last for first, last in quiet)
    ]
    random.Random(f"{seed} {path}").shuffle(possible)
    made = 0
    for start, name, occurrence in possible:
        if count is not None and made >= count:
            return
        mutated = mutate_code(source, operators[name], occurrence)
        if mutated is not None and mutated != source and _compiles(mutated):
            made += 1
            yield {"line": start[0], "operator": name, "source": mutated, "possible": len(possible)}


def _positions(operator: Operator, source: str) -> Iterator[Place]:
    """Where the operator finds something, in the order in which it is applied."""

    def walk(node: Any) -> Iterator[Place]:
        for start, _ in operator.mutation_positions(node):
            yield start
        for child in getattr(node, "children", ()):
            yield from walk(child)

    yield from walk(parso.parse(source))


def _quiet(tree: ast.Module) -> Iterator[tuple[Place, Place]]:
    """What never runs or only names types: annotations, type aliases, decorators."""
    for node in ast.walk(tree):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = [node.returns, *node.decorator_list]
        elif isinstance(node, ast.ClassDef):
            parts = list(node.decorator_list)
        elif isinstance(node, ast.arg | ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.keyword) and node.arg == "strict":
            # An assertion about lengths, which nothing that works trips over.
            parts = [node.value]
        elif isinstance(node, ast.Assign) and node in tree.body and _names_types(node.value):
            parts = [node.value]
        for part in parts:
            if part is not None:
                yield (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)


def _names_types(value: ast.expr) -> bool:
    return isinstance(value, ast.BinOp | ast.Subscript) and all(
        isinstance(node, ast.Name | ast.BinOp | ast.BitOr | ast.Subscript | ast.Tuple | ast.Load | ast.Constant)
        and (not isinstance(node, ast.Constant) or node.value is None or node.value is ...)
        for node in ast.walk(value)
    )


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def main() -> None:
    """One JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, help="how many of each module (default: all)")
    parser.add_argument("--seed", default="", help="what decides which")
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    for path in options.paths:
        for mutant in mutants_of(Path(path), options.count, options.seed):
            sys.stdout.write(json.dumps({"path": path, **mutant}) + "\n")


if __name__ == "__main__":
    main()
