"""Find and load the data shipped with the package: rules, tables and models.

In: the name of a folder, or a YAML file. Out: its path, or plain data. Parsing YAML takes a fifth
of a cold start, so that a wheel holds the same data once more as JSON, file by file; what was
edited since is read from its YAML.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

PACKED = "packed.json"


def shipped_folder(name: str) -> Path:
    """Return the folder of data shipped with the package ("rules" or "models")."""
    package = Path(__file__).resolve().parent
    installed = package / name
    return installed if installed.is_dir() else package.parent / name


def parse_yaml(source: str) -> Any:
    """Return plain data; raises ``yaml.YAMLError``."""
    import yaml

    # The parser in C, where there is one; both are safe loaders.
    return yaml.load(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def load_data(path: Path) -> Any:
    """Return the data of one shipped YAML file."""
    source = path.read_text("utf-8")
    packed = find_packed(path, source)
    return parse_yaml(source) if packed is None else packed


def find_packed(path: Path, source: str) -> Any:
    """Return the packed data of a shipped file with this very content, else ``None``."""
    folder = shipped_folder("rules")
    if not path.is_relative_to(folder):
        return None
    digest, data = _load_pack().get(path.relative_to(folder).as_posix(), ("", None))
    return data if digest == _digest(source) else None


@cache
def _load_pack() -> dict[str, tuple[str, Any]]:
    try:
        packed: dict[str, tuple[str, Any]] = json.loads(
            (shipped_folder("rules") / PACKED).read_bytes()
        )
    except FileNotFoundError:
        return {}
    return packed


def pack_tables(folder: Path) -> str:
    """Return what ``PACKED`` holds for a folder of YAML files: each one's digest and its data.

    A file whose data JSON has no words for (dates) stays YAML alone.
    """
    packed = {}
    for path in sorted(folder.rglob("*.yaml")):
        source = path.read_text("utf-8")
        data = parse_yaml(source)
        try:
            alike = json.loads(json.dumps(data)) == data
        except TypeError:
            alike = False
        if alike:
            packed[path.relative_to(folder).as_posix()] = (_digest(source), data)
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


def _digest(source: str) -> str:
    return sha256(source.encode()).hexdigest()
