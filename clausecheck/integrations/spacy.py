"""Put clausecheck into a spaCy pipeline: ``nlp.add_pipe("clausecheck")``.

In: a spaCy ``Doc``. Out: the same, with findings as spans under ``doc.spans["clausecheck"]`` and
their details as plain data under ``doc.user_data["clausecheck"]``: both survive ``n_process``.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from clausecheck.errors import InputError
from clausecheck.pipeline import NO_CLAUSE, Checker
from clausecheck.records import Finding
from clausecheck.settings import Settings

KEY = "clausecheck"


class ClausecheckComponent:
    """A pipeline component; holds settings only until first use, so it pickles and forks safely."""

    def __init__(self, select: tuple[str, ...], ignore: tuple[str, ...], min_severity: int) -> None:
        self._settings = Settings(select=select, ignore=ignore, min_severity=min_severity)
        self._checker: Checker | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"_settings": self._settings, "_checker": None}

    def __call__(self, doc: Doc) -> Doc:
        """Review the text of ``doc`` and attach what was found; the order is that of the text."""
        details: list[dict[str, Any]] = []
        spans = []
        for finding in self._find(doc.text):
            span = doc.char_span(
                finding.start,
                finding.end,
                label=finding.code,
                span_id=str(len(details)),
                alignment_mode="expand",
            )
            if span is not None:
                spans.append(span)
                details.append(_to_plain(asdict(finding)))
        doc.spans[KEY] = SpanGroup(doc, name=KEY, spans=spans)
        doc.user_data[KEY] = details
        return doc

    def _find(self, text: str) -> tuple[Finding, ...]:
        if self._checker is None:
            self._checker = Checker(self._settings)
        if not text.strip():
            return ()
        try:
            return self._checker.check_text(text).findings
        except InputError as error:
            # A text without a clause, such as a page number, must not end the whole pipe.
            if error.code != NO_CLAUSE:
                raise
            return ()


def _to_plain(value: Any) -> Any:
    """Return ``value`` with lists for tuples, which is how it would come back from bytes."""
    if isinstance(value, dict):
        return {key: _to_plain(item) for key, item in value.items()}
    return [_to_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


@Language.factory(KEY, default_config={"select": [], "ignore": [], "min_severity": 1})
def make_component(
    nlp: Any,  # noqa: ARG001 - spaCy passes the pipeline to every factory
    name: str,  # noqa: ARG001
    select: list[str],
    ignore: list[str],
    min_severity: int,
) -> ClausecheckComponent:
    """Return the component for ``nlp.add_pipe("clausecheck", config={"select": ["RS"]})``."""
    return ClausecheckComponent(tuple(select), tuple(ignore), min_severity)
