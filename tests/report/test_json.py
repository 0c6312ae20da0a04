from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from clausecheck import records
from clausecheck.records import Document, Review
from clausecheck.report.json import encode_review, load_schema, write_json

ROOT = Path(__file__).resolve().parents[2]


def test_golden(every_review: list[Review], check_golden: Callable[[str, str], None]) -> None:
    check_golden("reviews.json", "".join(write_json(every_review)))


def test_golden_files_are_not_regenerated_in_ci() -> None:
    if os.environ.get("CI"):
        assert not os.environ.get("CLAUSECHECK_REGENERATE")


@pytest.mark.parametrize("count", [0, 1, 4])
def test_output_satisfies_the_schema(every_review: list[Review], count: int) -> None:
    data = json.loads("".join(write_json(every_review[:count])))
    schema = load_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(data)
    assert len(data["reviews"]) == count


def test_the_schema_rejects_a_stray_field(review: Review) -> None:
    data = {"schema": "clausecheck-review/1", "reviews": [encode_review(review)]}
    data["reviews"][0]["findings"][0]["stray"] = 1
    validator = jsonschema.Draft202012Validator(load_schema())
    assert not validator.is_valid(data)


def objects(schema: Any) -> list[dict[str, Any]]:
    found = [schema] if isinstance(schema, dict) and "properties" in schema else []
    children = schema.values() if isinstance(schema, dict) else schema
    for child in children if isinstance(schema, dict | list) else ():
        if isinstance(child, dict | list):
            found += objects(child)
    return found


def test_every_object_of_the_schema_is_closed_and_described() -> None:
    closed = [o for o in objects(load_schema()) if o.get("type") == "object"]
    assert len(closed) > 15
    for item in closed:
        assert item["additionalProperties"] is False
        assert item["required"] == list(item["properties"])
        assert all("description" in p or "$ref" in p for p in item["properties"].values())


@pytest.mark.parametrize(
    ("record", "name", "left_out"),
    [
        (records.Review, "review", set()),
        (records.Document, "document", {"text", "blocks", "anchors", "links"}),
        (records.Finding, "finding", set()),
        (records.Balanced, "balanced", set()),
        (records.BalanceIndex, "balance", set()),
        (records.Clause, "clause", set()),
        (records.Party, "party", set()),
        (records.Term, "term", set()),
        (records.Reference, "reference", set()),
        (records.Revision, "change", set()),
        (records.Comment, "comment", set()),
        (records.Evidence, "evidence", set()),
        (records.Test, "test", set()),
        (records.Suggestion, "suggestion", set()),
        (records.Problem, "problem", set()),
        (records.Versions, "versions", set()),
        (records.Unread, "unread", set()),
        (records.LinePlace, "line_place", set()),
        (records.WordPlace, "word_place", set()),
        (records.PdfPlace, "pdf_place", set()),
        (records.Overview, "overview", set()),
        (records.Quotation, "quotation", set()),
        (records.Line, "line", set()),
        (records.Foundation, "foundation", set()),
        (records.ClauseSet, "clause_set", set()),
        (records.NormLight, "norm_light", set()),
        (records.Share, "share", set()),
        (records.Feature, "feature", set()),
        (records.Sourcing, "sourcing", set()),
        (records.Stance, "stance", set()),
        (records.Flag, "flag", set()),
        (records.Profile, "profile", set()),
        (records.Missing, "missing", set()),
        (records.Caution, "caution", set()),
        (records.Question, "question", set()),
        (records.TalkPoint, "talk_point", set()),
    ],
)
def test_no_field_of_a_record_is_forgotten(record: Any, name: str, left_out: set[str]) -> None:
    fields = {field.name for field in dataclasses.fields(record)}
    assert fields - left_out <= set(load_schema()["$defs"][name]["properties"])


def test_quotations_are_the_text_and_sorted(review: Review) -> None:
    data = encode_review(review)
    for item in [*data["findings"], *data["balanced"], data["governing_law"]]:
        assert item["quotation"] == review.document.text[item["start"] : item["end"]]
        assert item["places"][0]["start"] <= item["start"] < item["places"][0]["end"]
    starts = [item["start"] for item in data["findings"]]
    assert starts == sorted(starts)


def test_the_order_in_which_findings_come_does_not_matter(review: Review) -> None:
    turned = replace(review, findings=review.findings[::-1], terms=review.terms[::-1])
    assert list(write_json([turned])) == list(write_json([review]))


def test_hostile_text_stays_exact_and_inert(review: Review) -> None:
    hostile = "\x1b[2J\u202e\ud800\x9b</script>\u2028"
    document = Document(hostile, "", "", hostile)
    text = "".join(write_json([replace(review, document=document, governing_law=(0, 8))]))
    assert text.replace("\n", "").isprintable()
    assert text.isascii()
    assert json.loads(text)["reviews"][0]["governing_law"]["quotation"] == hostile[:8]


def test_a_number_that_is_none_is_refused(review: Review) -> None:
    finding = replace(review.findings[0], confidence=float("nan"))
    with pytest.raises(ValueError, match="JSON compliant"):
        "".join(write_json([replace(review, findings=(finding,))]))


SCRIPT = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("made", sys.argv[1])
made = importlib.util.module_from_spec(spec)
spec.loader.exec_module(made)
from clausecheck.report import FORMATS, ReportOptions
reviews = [made.make_review(), made.make_word_review(), made.make_pdf_review()]
for write in FORMATS.values():
    sys.stdout.buffer.write("".join(write(reviews, ReportOptions(why=True))).encode())
"""


def test_two_hash_seeds_give_equal_bytes() -> None:
    outputs = []
    for seed in ("1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(Path(__file__).with_name("conftest.py"))],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        )
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) > 10_000


def make_reference() -> str:
    """Return docs/json.md, made from the descriptions in the schema."""
    schema = load_schema()
    parts = [
        "# The JSON report",
        (
            "`clausecheck --format json FILE...` writes one JSON object, also for a single file. "
            "Its schema is `clausecheck-review/1` (JSON Schema draft 2020-12), shipped as "
            "`clausecheck/report/schema-1.json` and returned by "
            "`clausecheck.report.json.load_schema()`. Every field is always present. Output is "
            "ASCII: other characters are written as `\\uXXXX` and read back exactly by any JSON "
            "reader. Lists are sorted and keys have a fixed order: equal reviews give equal bytes."
        ),
        (
            "All offsets are half-open, `start` to `end`, and count Unicode code points "
            "(not bytes, not UTF-16 units) in the text of the document. The text, its blocks and "
            "its anchors are not repeated; `quotation` and `places` hold what a finding needs. A "
            "change that could break a reader raises the number in the name of the schema."
        ),
        (
            "`clausecheck explain CODE --format json` writes one rule, schema "
            "`clausecheck-rule/1`, with the fields of its rule file."
        ),
        "This page is made from the schema; a test compares them.",
    ]
    for name, item in [("report", schema), *schema["$defs"].items()]:
        parts.append(f"## {name}\n\n{item['description']}")
        if "properties" in item:
            rows = [
                f"| `{field}` | {name_type(p)} | {name_text(schema, p)} |"
                for field, p in item["properties"].items()
            ]
            parts.append("\n".join(["| field | type | meaning |", "| --- | --- | --- |", *rows]))
        else:
            parts.append("One of " + ", ".join(f"`{name_type(p)}`" for p in item["oneOf"]) + ".")
    return "\n\n".join(parts) + "\n"


def name_type(item: dict[str, Any]) -> str:
    if "$ref" in item:
        return str(item["$ref"].rpartition("/")[2])
    if "anyOf" in item:
        return " or ".join(name_type(choice) for choice in item["anyOf"])
    if "const" in item:
        return "string"
    kind = item["type"]
    if kind == "array":
        return f"list of {name_type(item['items'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def name_text(schema: dict[str, Any], item: dict[str, Any]) -> str:
    if "$ref" in item:
        return str(schema["$defs"][name_type(item)]["description"])
    return str(item["description"])


def test_the_page_on_json_is_the_schema() -> None:
    page = ROOT / "docs" / "json.md"
    if os.environ.get("CLAUSECHECK_REGENERATE"):
        page.write_bytes(make_reference().encode())
    assert page.read_bytes().decode() == make_reference()
