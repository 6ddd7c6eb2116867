"""Small mistakes that a careful test would notice, made in the syntax tree of a module."""

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
WIDE = 70
"""Letters of a mistake that are printed."""

NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: where, in words, and the whole module with it."""

    line: int
    words: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mistake that is made here, in the order of the lines."""
    tree = ast.parse(source)
    skipped = set(_skipped(tree))
    nodes = [node for node in ast.walk(tree) if id(node) not in skipped]
    for node in sorted(nodes, key=lambda node: getattr(node, "lineno", 0)):
        for mistake in _mistakes(node):
            yield _made(tree, node, mistake)


def _made(tree: ast.Module, node: ast.AST, mistake: ast.AST) -> Mutant:
    changed = deepcopy(tree)
    index = next(i for i, other in enumerate(ast.walk(tree)) if other is node)
    place = next(other for i, other in enumerate(ast.walk(changed)) if i == index)
    _Replace(place, mistake).visit(changed)
    words = f"{_short(node)} → {_short(mistake)}"
    source = ast.unparse(ast.fix_missing_locations(changed))
    return Mutant(getattr(node, "lineno", 0), words, source)


class _Replace(ast.NodeTransformer):
    def __init__(self, place: ast.AST, by: ast.AST) -> None:
        self._place = place
        self._by = by

    def visit(self, node: ast.AST) -> ast.AST:
        return self._by if node is self._place else super().generic_visit(node)


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= WIDE else f"{text[: WIDE - 1]}…"


def _skipped(tree: ast.Module) -> Iterator[int]:
    """Yield what says something to people and tools, but does nothing."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts += [node.returns, *node.decorator_list]
        elif isinstance(node, ast.ClassDef):
            parts += node.decorator_list
        elif isinstance(node, ast.AnnAssign | ast.arg):
            parts.append(node.annotation)
        elif isinstance(node, ast.Assert | ast.Raise | ast.Import | ast.ImportFrom):
            parts.append(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp | ast.Subscript):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            parts += [node.value] if any(name.istitle() for name in names) else []
        for part in parts:
            yield from (id(inner) for inner in ast.walk(part)) if part else ()


def _mistakes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        other = COMPARISONS[type(node.ops[0])]()
        yield ast.Compare(node.left, [other], node.comparators)
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        changed = deepcopy(node)
        changed.op = OPERATORS[type(node.op)]()
        yield changed
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in NAMES:
        yield ast.Name(NAMES[node.id], ast.Load())
    else:
        yield from _other_flow(node)


def _other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)


def _other_flow(node: ast.AST) -> Iterator[ast.AST]:
    if (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    ):
        yield node.operand
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.Pass()
    elif isinstance(node, ast.Return) and node.value is not None:
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    elif isinstance(node, ast.If | ast.IfExp):
        changed = deepcopy(node)
        changed.test = ast.UnaryOp(ast.Not(), node.test)
        yield changed
