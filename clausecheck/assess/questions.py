"""Ask the business what the text cannot tell, as far as the text raises it.

In: grounds and what is missing. Out: ``Question`` records in the order of ``questions.yaml``.
"""

from __future__ import annotations

from collections.abc import Sequence

from clausecheck.assess.grounds import Grounds, pick
from clausecheck.assess.knowledge import load_table
from clausecheck.records import Missing, Question


def ask_questions(grounds: Grounds, missing: Sequence[Missing]) -> tuple[Question, ...]:
    """Return the questions that this contract raises, and those that every contract does."""
    asked = []
    if missing:
        names = ", ".join(item.name for item in missing)
        asked.append(
            Question(
                "Missing documents",
                f"Can we see {names}? Outcomes, prices and exit terms often stand there.",
                "the text refers to what was not supplied",
                tuple(item.evidence[0] for item in missing[:3]),
            )
        )
    for entry in load_table("questions"):
        raised = [found for name in entry.get("any", ()) if (found := grounds.quote(name))]
        if "any" in entry and not raised:
            continue
        codes = ", ".join(grounds.list_codes(entry.get("any", ())))
        because = entry["because"].replace("{codes}", codes).replace(" ()", "")
        text = " ".join(entry["text"].split())
        asked.append(Question(entry["topic"], text, because, pick(raised, 3)))
    return tuple(asked)
