"""The labels of public contracts: no text in them, offsets that can be, and splits by contract."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from clausecheck.detect.rules import load_rules

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "corpora" / "labels"
SHARED = ROOT.parent / "shared"
FIELDS = {
    "id": str, "file": str, "sha256": str, "start": int, "end": int, "category": str,
    "domain": str, "stratum": str, "codes": list, "balance": str, "sure": int,
}  # fmt: skip


def read_rows(name: str) -> list[dict[str, Any]]:
    lines = (LABELS / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


# ``stands_for`` is how many clauses of its contracts a clause drawn by chance represents.
READ_FIELDS = {k: v for k, v in FIELDS.items() if k != "balance"} | {"stands_for": float}


@pytest.mark.parametrize("name", ["train", "test", "whole", "read"])
def test_labels_hold_places_and_codes_and_no_text(name: str) -> None:
    known = {rule.code for rule in load_rules()}
    for row in read_rows(name):
        fields = READ_FIELDS if name == "read" else FIELDS
        assert {key: type(value) for key, value in row.items()} == fields
        assert re.fullmatch(r"[0-9a-f]{64}", row["sha256"])
        assert 0 <= row["start"] < row["end"]
        for code in row["codes"]:
            assert set(code) == {"code", "burden", "severity"}
            assert code["code"] in known
            assert code["burden"] in ("customer", "supplier", "both", "unclear")


def test_no_contract_stands_on_both_sides() -> None:
    files = {name: {row["sha256"] for row in read_rows(name)} for name in ("train", "test")}
    assert not files["train"] & files["test"]
    # What was read afterwards are contracts of the training set, and none of those read whole.
    read = {row["sha256"] for row in read_rows("read")}
    assert read <= files["train"]
    assert not read & {row["sha256"] for row in read_rows("whole")}


def test_the_datasheet_counts_them() -> None:
    page = (ROOT / "corpora" / "README.md").read_text("utf-8")
    for name in ("train", "test", "whole", "read"):
        rows = read_rows(name)
        counts = f"| {name}.jsonl | {len({r['file'] for r in rows})} | {len(rows)} |"
        assert counts in page


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the public contracts are kept outside")
@pytest.mark.parametrize("name", ["train", "test", "whole", "read"])
def test_labels_point_into_the_files(name: str) -> None:
    lengths: dict[str, int] = {}
    for row in read_rows(name):
        if row["file"] not in lengths:
            data = (SHARED / "contracts" / row["file"]).read_bytes()
            assert hashlib.sha256(data).hexdigest() == row["sha256"]
            lengths[row["file"]] = len(data.decode("utf-8", "replace"))
        assert row["end"] <= lengths[row["file"]]
