"""clausecheck as a spaCy component: spans, plain data, several processes."""

from __future__ import annotations

import json
import multiprocessing
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from clausecheck.integrations.spacy import KEY, ClausecheckComponent
from clausecheck.settings import Settings
from tests.rule_files import write_rule

OPENING = 'This Agreement is made between Acme Ltd ("Client") and Borealis Ltd ("Vendor").\n'
LONE = OPENING + "1. Vendor shall carry all of the loss, and Client shall keep the minutes.\n"
PAIR = LONE + "2. Client shall share the cost of every repair with Vendor.\n"
RENAMED = PAIR.replace("Vendor", "Supplier")
TEXTS = [LONE, "", PAIR, " \n\t", "Page 3", "The sky is blue.", RENAMED]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_rule(tmp_path, "RS901", "[A] shall carry", base=4)
    write_rule(tmp_path, "WL901", "[A] shall share", base=2)
    return Settings(rule_dirs=(str(tmp_path),), select=("RS901", "WL901"), detectors=("rules",))


@pytest.fixture
def nlp(settings: Settings) -> Language:
    made = spacy.blank("en")
    component = made.add_pipe("clausecheck")
    # The shipped rules may change; these tests bring their own.
    component._settings = settings
    return made


def spans(doc: Doc) -> list[tuple[str, str, str]]:
    return [(s.label_, s.id_, s.text) for s in doc.spans[KEY]]


def state(doc: Doc) -> tuple[Any, Any]:
    return [(s.start, s.end, s.label_, s.id_) for s in doc.spans[KEY]], doc.user_data[KEY]


def test_the_component_is_found_by_its_entry_point() -> None:
    nlp = spacy.blank("en")
    component = nlp.add_pipe("clausecheck")
    assert isinstance(component, ClausecheckComponent)
    assert nlp.pipe_names == ["clausecheck"]
    assert nlp.get_pipe_meta("clausecheck").default_config["min_severity"] == 1
    entry = spacy.util.registry._entry_point_factories.get("clausecheck")
    assert entry.__module__ == "clausecheck.integrations.spacy"


def test_findings_become_labelled_spans(nlp: Language) -> None:
    doc = nlp(PAIR)
    assert spans(doc) == [
        ("RS901", "0", "Vendor shall carry"),
        ("WL901", "1", "Client shall share"),
    ]
    for span, detail in zip(doc.spans[KEY], doc.user_data[KEY], strict=True):
        assert detail["code"] == span.label_
        assert span.start_char <= detail["start"] < detail["end"] <= span.end_char
        assert PAIR[detail["start"] : detail["end"]] == span.text
        assert detail["suggestions"][0]["text"]


def test_a_span_grows_to_whole_tokens(nlp: Language) -> None:
    words = PAIR.replace("shall carry all", "shall carry, all").split(" ")
    doc = nlp(Doc(nlp.vocab, words=words, spaces=[True] * (len(words) - 1) + [False]))
    detail = doc.user_data[KEY][0]
    assert doc.text[detail["start"] : detail["end"]] == "Vendor shall carry"
    assert doc.spans[KEY][0].text == "Vendor shall carry,"


@pytest.mark.parametrize("lead", ["\ufeff", "\u2028", "\x01\x02\x03 ", "a\0b\0c\0d\0e\0f\0g\0h\0 "])
def test_offsets_are_those_of_the_doc(nlp: Language, lead: str) -> None:
    doc = nlp(lead + "\n" + LONE)
    [detail] = doc.user_data[KEY]
    assert doc.text[detail["start"] : detail["end"]] == "Vendor shall carry"


def test_details_are_plain_data(nlp: Language) -> None:
    details = nlp(PAIR).user_data[KEY]
    assert json.loads(json.dumps(details)) == details
    assert pickle.loads(pickle.dumps(details)) == details


def test_a_doc_survives_bytes(nlp: Language) -> None:
    doc = nlp(PAIR)
    back = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert state(back) == state(doc)
    assert spans(back) == spans(doc)


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "Page 3", "The sky is blue.", "\ufeff"])
def test_a_doc_without_a_clause_gets_no_spans(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert state(doc) == ([], [])
    assert state(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == ([], [])


@pytest.fixture(params=["fork", "spawn"])
def start_method(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system cannot {request.param} processes")
    before = multiprocessing.get_start_method()
    multiprocessing.set_start_method(request.param, force=True)
    yield request.param
    multiprocessing.set_start_method(before, force=True)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_two_processes_find_what_one_finds(nlp: Language, start_method: str) -> None:
    one = [state(doc) for doc in nlp.pipe(TEXTS)]
    two = [state(doc) for doc in nlp.pipe(TEXTS, n_process=2, batch_size=2)]
    assert one == two
    assert [len(found) for found, _ in one] == [1, 0, 2, 0, 0, 0, 2]


def test_a_component_pickles_before_and_after_use(nlp: Language) -> None:
    component = nlp.get_pipe("clausecheck")
    fresh = pickle.loads(pickle.dumps(component))
    doc = nlp(PAIR)
    for copy in (fresh, pickle.loads(pickle.dumps(component))):
        assert state(copy(nlp.make_doc(PAIR))) == state(doc)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, Settings()),
        ({"select": ["RS", "WL201"]}, Settings(select=("RS", "WL201"))),
        ({"ignore": ["CO"]}, Settings(ignore=("CO",))),
        ({"min_severity": 3}, Settings(min_severity=3)),
    ],
)
def test_config_becomes_settings(config: dict[str, Any], expected: Settings) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("clausecheck", config=config)
    assert nlp.get_pipe("clausecheck")._settings == expected


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"select": ("RS901",)}, ["RS901"]),
        ({"ignore": ("RS901",), "select": ("RS9", "WL9")}, ["WL901"]),
        ({"min_severity": 3}, ["RS901"]),
    ],
)
def test_settings_choose_the_spans(
    nlp: Language, settings: Settings, changed: dict[str, Any], codes: list[str]
) -> None:
    nlp.get_pipe("clausecheck")._settings = replace(settings, **changed)
    assert [label for label, _, _ in spans(nlp(PAIR))] == codes


def test_a_wrong_config_is_refused() -> None:
    with pytest.raises(spacy.schemas.ConfigValidationError):
        spacy.blank("en").add_pipe("clausecheck", config={"min_severity": "high"})


def test_a_saved_pipeline_loads_again(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("clausecheck", config={"select": ["WL"]})
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.get_pipe("clausecheck")._settings.select == ("WL",)
