"""The tables of an archive's dataset: names, types and meanings of their columns.

Comes in: nothing. Goes out: plain data, so that a worker needs no Arrow to make rows.
``docs/archive.md`` shows these tables; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow

# Raised when a column changes its meaning or goes; a new column alone keeps it.
SCHEMA_VERSION = 1
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type, and what it holds."""

    name: str
    type: str
    meaning: str


def _columns(lines: str) -> tuple[Column, ...]:
    parts = (line.split(None, 2) for line in lines.strip().splitlines())
    return tuple(Column(name, kind, meaning) for name, kind, meaning in parts)


DOCUMENTS = _columns("""
document         string       SHA-256 of the file's bytes, in hex; names the document in every table
status           string       complete, partial (something was not read) or failed
media_type       string       what the file was read as; null when it failed
bytes            int64        size of the file
characters       int64        length of the text, in code points
words            int64        words of the text
clauses          int64        clauses, furniture (page numbers, stamps) left out
title            string       the title line as printed; null when none was recognised
contract_type    string       told by title, opening or sort of paper, else "other"
kind             string       sort of paper: services, loan, lease, guaranty, employment, corporate
within           bool         whether that sort of paper is the rules' ground
effective_date   date32       date the contract bears, when day and month are told
year             int32        year of that date, also where only the year is told
customer         string       full names of the parties that buy, parted by " / "
supplier         string       full names of the parties that sell, parted by " / "
parties          list<string> every party by full name, in the order of the text
governing_law    string       the words that choose the law
balance          double       who carries risk and power terms: -1 customer, +1 supplier
balance_low      double       lower bound of the balance when findings are resampled (90%)
balance_high     double       upper bound of it
supplier_weight  double       severity times confidence of what the supplier carries, added up
customer_weight  double       the same for the customer
reciprocity      double       balanced clauses over balanced and one-sided ones (0-1)
completeness     double       weighted share of the ten foundations that is laid (0-1)
foundations_missing int32     foundations that are absent or words only
sourcing_model   string       the model that the text implies; empty when two are near each other
stance           string       exchange, extraction or creation
dependency       int32        signs that the parties depend on each other (0-8)
party_keys       list<string> those names in capitals without signs, by which parties are counted
codes            list<code>   each code found: code, family, findings, worst (its highest severity)
findings         int32        findings of tension (RS, WL, AB)
grave            int32        those of severity 4 and 5
worst            int32        severity of the gravest finding (1-5); null without any
collaborative    int32        collaborative terms credited (CO)
balanced         int32        clauses reviewed and found balanced
worth_a_look     int32        less sure findings, kept apart
signature        binary       MinHash of the text, by which near copies are found
""")

CLAUSES = _columns("""
document         string       the document
clause           string       the clause's id in it
position         int32        its place in the text, from 0
label            string       its number as printed, such as (a)
path             string       numbers and headings from the top, such as 12 Liability > 12.2
heading          string       its own heading
kind             string       operative, definition, recital, schedule, signature
level            int32        depth from 0
start            int64        first character in the document's text
end              int64        end of its own words
text             string       its own words: confidential
""")

FINDINGS = _columns("""
document         string       the document
number           int32        place among the document's findings, from 0
band             string       finding, look (less sure) or accepted (may stand, as somebody decided)
code             string       code of the rule, such as RS101
name             string       its name
family           string       RS risk-shifting, WL win-lose, AB activity-based, CO collaborative
clause           string       id of the clause
path             string       numbers and headings of the clause from the top
place            string       where in the file: page 3, line 12, paragraph 40
start            int64        first character of the quotation in the document's text
end              int64        end of it
burden           string       who carries it: customer, supplier, both, unclear
party            string       that party's name in this contract
severity         int32        1-5; for collaborative terms strength 1-3
confidence       double       how sure (0-1)
origin           string       rule, model or both
balance          string       one-sided, partial, mutual or na
quotation        string       the exact words: confidential
message          string       what the finding says
""")

FOUNDATIONS = _columns("""
document         string       the document
code             string       F1 to F10
name             string       the foundation's name
status           string       absent, words only, partial, working, cannot tell
score            int32        0 absent to 3 working
evidence         int32        quotations that back it
""")

PROBLEMS = _columns("""
document         string       the document
outcome          string       failed (nothing was checked) or partial (a part was not)
code             string       code of the error
message          string       what went wrong
place            string       where in the document
advice           string       what to do
""")

FILES = _columns("""
path             string       where the file was found: path or URL, members of archives after "!/"
document         string       the document it holds; null when it could not be read
bytes            int64        its size; null when unknown
mark             string       the object store's mark of its content (ETag); null for a file on disk
code             string       code of the error when it could not be read, else null
message          string       that error
advice           string       what to do
""")

# Tables whose rows belong to one document and are written together, in parts.
TABLES = {
    "documents": DOCUMENTS,
    "clauses": CLAUSES,
    "findings": FINDINGS,
    "foundations": FOUNDATIONS,
    "problems": PROBLEMS,
}
# The listing of a run: which files there are, and where each document lies.
PRESENT = _columns("""
document         string       a document that the files hold
path             string       the first of its files, by name
copies           int32        how many files hold it
group            string       the smallest document id among its near copies
group_size       int32        documents in that group
""")
LISTING = {"files": FILES, "present": PRESENT}


def empty_rows() -> Rows:
    """Return no rows for every table of a part."""
    return {name: [] for name in TABLES}


def make_schema(columns: tuple[Column, ...]) -> pyarrow.Schema:
    """Return the Arrow schema of a table; it carries the version."""
    import pyarrow as pa

    types = {
        "string": pa.string(), "int32": pa.int32(), "int64": pa.int64(), "double": pa.float64(),
        "bool": pa.bool_(), "date32": pa.date32(), "binary": pa.binary(),
        "list<string>": pa.list_(pa.string()),
        "list<code>": pa.list_(
            pa.struct(
                [("code", pa.string()), ("family", pa.string()), ("findings", pa.int32()),
                 ("worst", pa.int32())]
            )
        ),
    }  # fmt: skip
    fields = [(column.name, types[column.type]) for column in columns]
    return pa.schema(fields, metadata={b"clausecheck_schema": str(SCHEMA_VERSION).encode()})
