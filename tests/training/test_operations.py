"""The operations are all that the mathematics asks of a framework."""

from __future__ import annotations

import ast
from pathlib import Path

import gandiag.training
from gandiag.training.operations import Operations

OPERATIONS = {name for name in vars(Operations) if not name.startswith("_")}

SOURCES = [
    path
    for path in Path(gandiag.training.__file__).parent.rglob("*.py")
    if path.name not in ("operations.py", "numpy_operations.py")
]


def attributes_of_ops(source: str) -> set[str]:
    """The names of ``ops.NAME``, however long the way to ``ops``."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and (getattr(node.value, "id", None) == "ops" or getattr(node.value, "attr", None) == "ops")
    }


def test_every_operation_that_the_mathematics_uses_is_in_the_protocol() -> None:
    assert attributes_of_ops("y = self.tools.ops.cube(ops.root(x))") == {"cube", "root"}
    used = set().union(*(attributes_of_ops(path.read_text(encoding="utf-8")) for path in SOURCES))
    assert used - OPERATIONS == set()
    assert len(used) > 20


def test_every_operation_says_what_it_computes() -> None:
    assert [name for name in OPERATIONS if not getattr(Operations, name).__doc__] == []
