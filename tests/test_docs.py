"""The documents and docstrings run as they stand."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import clausecheck

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    m.name
    for m in pkgutil.walk_packages(clausecheck.__path__, "clausecheck.")
    if "__main__" not in m.name
)


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_run(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} says nothing about itself"
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize("name", ["docs/library.md", "docs/evaluate.md", "docs/compare.md"])
def test_documents_run(name: str) -> None:
    result = doctest.testfile(str(ROOT / name), module_relative=False)
    assert result.attempted > 0
    assert result.failed == 0


def test_every_public_name_is_documented() -> None:
    for name in clausecheck.__all__:
        if name != "__version__":
            assert (getattr(clausecheck, name).__doc__ or "").strip(), name


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name
)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_readme_gives_the_commands_that_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for marker in ("<!-- review -->", "<!-- test -->"):
        assert f"{marker}\n```sh\n" in readme
