"""Records of what the document as a whole says: foundations, norms, sourcing model, stance.

Each statement carries the words of the contract that back it as ``Quotation`` records; a statement
without any is about words that were not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clausecheck.records.finding import Suggestion

Status = Literal["absent", "words only", "partial", "working", "cannot tell"]
Norm = Literal["reciprocity", "autonomy", "honesty", "loyalty", "equity", "integrity"]
Model = Literal[
    "basic provider",
    "approved provider",
    "preferred provider",
    "performance-based",
    "outcome partnership",
    "shared services",
    "equity partnership",
]
StanceName = Literal["exchange", "extraction", "creation"]
Topic = Literal["model", "foundations", "balance", "first", "credit"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of one clause that back a statement: ``Document.text[start:end]``.

    ``note`` says in a few words what they show; ``code`` is that of the finding that saw them, or
    empty when the text itself was read.
    """

    clause: str
    start: int
    end: int
    note: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ClauseSet:
    """Suggested clauses for a weak foundation, filled for this contract, and where to put them.

    ``after`` is the id of the clause that they would follow, or ``None`` when no place was found;
    ``where`` says the same in words, such as "before the first article on price".
    """

    title: str
    clauses: tuple[Suggestion, ...]
    where: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Foundation:
    """How far one of the ten foundations F1-F10 is laid (taxonomy B.1).

    ``score`` is 0 absent, 1 words only, 2 partial mechanism, 3 working mechanism; it is what the
    text supplied shows also where ``status`` is "cannot tell" because schedules are missing.
    ``lacks`` says what the next step up asks for; ``note`` how the status is to be read.
    """

    code: str
    name: str
    status: Status
    score: int
    evidence: tuple[Quotation, ...] = ()
    lacks: tuple[str, ...] = ()
    note: str = ""
    drafts: ClauseSet | None = None


@dataclass(frozen=True, slots=True)
class NormLight:
    """Whether one of the six norms has a clause that puts it to work, and which."""

    norm: Norm
    lit: bool
    evidence: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A name and its share of a whole, from 0 to 1."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of the text that speaks for or against models, with its points for each."""

    name: str
    points: tuple[Share, ...]
    evidence: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Sourcing:
    """The sourcing model that the text implies (taxonomy B.2).

    ``label`` is empty when the two best models are too near each other; ``shares`` sum to 1, the
    largest first. ``dependency`` (0-8) counts what ties the parties to each other, each with its
    words. ``mismatch`` is one sentence when the aims and the economics point apart, else empty.
    ``note`` tells of a rule that decided or limited the label.
    """

    label: Model | Literal[""]
    runner_up: Model | Literal[""]
    shares: tuple[Share, ...]
    features: tuple[Feature, ...] = ()
    dependency: int = 0
    ties: tuple[Quotation, ...] = ()
    mismatch: str = ""
    mismatch_evidence: tuple[Quotation, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A check that fired: its name, what it means in one sentence, and the words behind it."""

    name: str
    text: str
    evidence: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Stance:
    """What the terms do with value: exchange it, extract it or create it (taxonomy B.4).

    ``leaning`` names the runner-up when it is near, else it is empty; ``flags`` holds the
    collaboration-washing and sandbag checks, and the cross-clause checks, that fired.
    """

    label: StanceName
    leaning: StanceName | Literal[""]
    shares: tuple[Share, ...]
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """How often one party is bound, empowered, barred or excused; context, not a score."""

    party: str
    role: str
    duties: int
    powers: int
    bans: int
    immunities: int
    powers_per_1000_words: float


@dataclass(frozen=True, slots=True)
class Caution:
    """An enforceability caution for counsel to check; ``as_of`` dates what it says (ISO date).

    ``jurisdiction`` is "general" or the one that the governing-law clause names; ``because`` says
    why it is shown; ``codes`` are those present in this contract.
    """

    topic: str
    text: str
    codes: tuple[str, ...]
    jurisdiction: str
    as_of: str
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the text cannot tell and the business can; ``because`` says what raised it."""

    topic: str
    text: str
    because: str
    evidence: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A schedule, exhibit or other document that the text refers to and does not hold."""

    name: str
    evidence: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bottom line: its topic, the statement, and the words that back it."""

    topic: Topic
    text: str
    evidence: tuple[Quotation, ...] = ()


@dataclass(frozen=True, slots=True)
class TalkPoint:
    """One point for both parties: neutral topic, open question, balanced wording.

    It holds nothing of severity, burden or strategy, so that it can be given to the other side.
    ``clause`` is ``None`` (and the span empty) for a foundation that no clause lays yet.
    """

    topic: str
    question: str
    clause: str | None
    start: int
    end: int
    wording: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """The document as a whole, in the order in which a report shows it.

    ``completeness`` is the weighted share of the foundations that is laid (0-1). ``meeting`` is
    the advice to talk about intent and principles before clauses, or empty.
    """

    lines: tuple[Line, ...]
    foundations: tuple[Foundation, ...]
    norms: tuple[NormLight, ...]
    completeness: float
    meeting: str
    sourcing: Sourcing
    stance: Stance
    profiles: tuple[Profile, ...] = ()
    missing: tuple[Missing, ...] = ()
    cautions: tuple[Caution, ...] = ()
    questions: tuple[Question, ...] = ()
    talk: tuple[TalkPoint, ...] = ()
