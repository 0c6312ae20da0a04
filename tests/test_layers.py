"""Imports point one way: a module may import only what stands below it in the flow."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "clausecheck"
# From the bottom up. Modules on one line do not import each other.
LAYERS = [
    {"records"},
    {"errors"},
    {"settings", "shipped"},
    {"read"},
    {"segment"},
    {"detect"},
    {"assess"},
    {"suggest"},
    {"comparison"},
    {"pipeline", "report"},
    {"markup"},
    {"figures", "integrations", "explain", "output", "project"},
    {"evaluate", "archive"},
    {"runner", "copies"},
    {"commands"},
    {"cli"},
    {"__main__", "__init__"},
]
# The pipeline is for those who review; a report sees records only.
REPORT_SEES = {"records", "report"}


def step_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.startswith("clausecheck")
        ):
            found.add(step_of(node.module))
        elif isinstance(node, ast.Import):
            found |= {step_of(a.name) for a in node.names if a.name.startswith("clausecheck")}
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_imports_point_down(path: Path) -> None:
    relative = path.relative_to(PACKAGE)
    step = relative.parts[0].removesuffix(".py")
    levels = {name: level for level, names in enumerate(LAYERS) for name in names}
    assert step in levels, f"{step} has no place in the flow"
    for other in imports_of(path) - {step}:
        assert levels[other] < levels[step], f"{relative} imports {other}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "report").glob("*.py")), ids=lambda p: p.name)
def test_reports_see_only_records(path: Path) -> None:
    assert imports_of(path) <= REPORT_SEES


def test_reviewing_never_imports_scikit_learn() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert "sklearn" not in path.read_text("utf-8"), path
