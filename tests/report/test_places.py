from __future__ import annotations

from clausecheck.records import Anchor, Document, LinePlace, PdfPlace, Place, Review, WordPlace
from clausecheck.report.places import describe_place, index_clauses, name_clause, trace_path


def place(*places: Place) -> str:
    anchors = tuple(Anchor(n * 10, n * 10 + 10, p) for n, p in enumerate(places))
    return describe_place(Document("", "", "", "x" * 100, anchors=anchors), 0, len(places) * 10)


def test_places_in_words() -> None:
    box = (0.0, 0.0, 1.0, 1.0)
    assert place(LinePlace(4, 1)) == "line 4"
    assert place(LinePlace(4, 1), LinePlace(6, 1)) == "lines 4 to 6"
    assert place(PdfPlace(2, box), PdfPlace(3, box)) == "pages 2 to 3"
    main = "word/document.xml"
    assert place(WordPlace(main, 0, 0), WordPlace(main, 0, 3)) == "paragraph 1"
    assert place(WordPlace("word/footnotes.xml", 1, 0)) == "word/footnotes.xml, paragraph 2"
    assert place() == "characters 0 to 0"


def test_a_path_names_every_level(review: Review) -> None:
    clauses = index_clauses(review)
    assert trace_path(clauses, "c2") == ("9 Risk", "9.1")
    assert name_clause(clauses, "c2") == "9 Risk > 9.1"
    assert name_clause(clauses, "c5") == "10 Ending > unnumbered paragraph"
    assert name_clause(clauses, "nowhere") == "unnumbered paragraph"
