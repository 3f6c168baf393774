"""The public names of the package, and what importing it costs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import gandiag

Run = Callable[..., CompletedProcess[str]]

CORE = Path(gandiag.__file__).parent

FRAMEWORKS = {"torch", "tensorflow", "keras", "jax", "jaxlib", "flax", "mxnet"}
PLUGINS = {"gandiag_torch", "gandiag_tensorflow", "gandiag_html"}
HEAVY = {"numpy", "scipy", "pandas", "pyarrow", "matplotlib", "seaborn", "pydantic", "typer"}


def test_the_public_names_are_sorted_and_unique() -> None:
    assert gandiag.__all__ == sorted(set(gandiag.__all__))


def test_every_public_name_exists_and_none_is_a_module() -> None:
    for name in gandiag.__all__:
        assert not hasattr(getattr(gandiag, name), "__path__")
        assert type(getattr(gandiag, name)).__name__ != "module"


def test_dir_and_a_star_import_give_the_public_names() -> None:
    scope: dict[str, object] = {}
    exec("from gandiag import *", scope)
    assert set(scope) - {"__builtins__"} == set(gandiag.__all__)
    assert set(gandiag.__all__) <= set(dir(gandiag))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sweeep'"):
        gandiag.sweeep  # noqa: B018


def imported(run: Run, code: str, **environment: str) -> set[str]:
    """The top-level names of all modules that some code imports."""
    after = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = run("-c", after, module=False, **environment)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_gandiag_imports_no_framework_and_nothing_heavy(run: Run) -> None:
    assert imported(run, "import gandiag") & (FRAMEWORKS | PLUGINS | HEAVY) == set()


def test_the_test_above_can_fail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("import json", encoding="utf-8")
    code = "import gandiag; gandiag.load; import torch"
    seen = imported(run, code, PYTHONPATH=str(tmp_path))
    assert {"torch", "numpy", "gandiag"} <= seen


def test_help_imports_nothing_heavy(run: Run) -> None:
    call = "try:\n    from gandiag.cli import main; main()\nexcept SystemExit: pass"
    seen = imported(run, f"import sys\nsys.argv = ['gandiag', '--help']\n{call}")
    assert seen & (FRAMEWORKS | PLUGINS | (HEAVY - {"typer"})) == set()


def test_using_every_public_name_imports_no_framework(run: Run) -> None:
    seen = imported(run, "import gandiag\nfor name in gandiag.__all__: getattr(gandiag, name)")
    assert "numpy" in seen
    assert seen & (FRAMEWORKS | PLUGINS) == set()


def forbidden(source: str) -> Iterator[str]:
    """The frameworks and plug-ins that a module names in an import, at any depth."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if called in ("import_module", "__import__") and isinstance(first, ast.Constant):
                names = [str(first.value)]
        for name in names:
            if name.partition(".")[0] in FRAMEWORKS | PLUGINS:
                yield name


@pytest.mark.parametrize("path", sorted(CORE.rglob("*.py")), ids=lambda p: str(p.relative_to(CORE)))
def test_no_module_of_the_core_imports_a_framework_or_a_plug_in(path: Path) -> None:
    assert list(forbidden(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import torch",
        "import numpy, tensorflow.keras as k",
        "def f():\n    from jax import numpy",
        "from gandiag_torch.engine import TorchEngine",
        "import importlib\nimportlib.import_module('torch.nn')",
        "__import__('tensorflow')",
    ],
)
def test_the_test_above_detects_every_form_of_import(source: str) -> None:
    assert list(forbidden(source)) != []


def test_text_that_looks_like_an_import_is_ignored() -> None:
    assert list(forbidden("from gandiag import torches\nx = 'import torch'")) == []
