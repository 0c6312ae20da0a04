"""One frozen object holds every choice that a review depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from clausecheck.errors import SettingsError
from clausecheck.records import Acceptance, Grade

MEGABYTE = 1_000_000
Sensitivity = Literal["precise", "balanced", "thorough"]
Perspective = Literal["customer", "supplier", "both"]
Detector = Literal["rules", "model"]
View = Literal["final", "original"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a hostile or enormous file from taking the machine down.

    Bytes of the input, bytes of one unpacked Word part, characters of text, pages of a PDF. A
    review takes some 0.1 GB for a million characters; the longest real contracts have one million,
    a PDF of 2,000 pages about six.
    """

    max_bytes: int = 100 * MEGABYTE
    max_part_bytes: int = 200 * MEGABYTE
    max_chars: int = 10_000_000
    max_pages: int = 5_000


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """A house's own severity for a code or prefix ("RS", "WL201"; the most specific match wins).

    ``steps`` is the severity itself (1-5), or with ``relative`` how much it is raised or lowered.
    """

    code: str
    steps: int
    relative: bool = False


@dataclass(frozen=True, slots=True)
class HouseWording:
    """A house's own alternative for a code, proposed before the shipped ones.

    ``text`` may hold the placeholders of ``rules/placeholders.yaml``; ``grade`` says how far it can
    be used as it stands ("drop-in" wording is what ``--redline`` writes).
    """

    code: str
    text: str
    grade: Grade = "redraft"
    rationale: str = "House wording."


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices for a review; every field has the default that a lawyer would want.

    ``select`` and ``ignore`` hold codes or prefixes ("RS", "WL2", "RS101"); the most specific
    match wins. ``perspective`` keeps only findings that burden that role ("both": all).
    ``sensitivity`` says how sure a finding must be: ``precise`` reports what is mostly right,
    ``balanced`` weighs false alarms against what is missed, ``thorough`` misses little; what the
    next step would add is kept apart as worth a look.
    ``detectors`` names which of the two detectors run. ``rule_dirs`` adds folders of rules;
    ``model_dir`` replaces the shipped model by one that ``training.fit`` wrote. ``ocr`` reads
    pages of a PDF that are images by text recognition (the extra ``clausecheck[ocr]``).
    ``cautions`` adds the enforceability cautions that the codes found and the governing-law
    clause call for.
    ``view`` is how tracked changes in a Word file are read: after all of them ("final") or before
    ("original").
    ``severity`` and ``wording`` are a house's own; the balance is measured before ``severity`` is
    changed. ``accept`` lists findings that may stand; ``reviewers`` are those whose replies
    "accept: reason" to a comment in a Word file count (empty: anyone's). ``today`` (ISO 8601) ends
    acceptances whose last day has passed; without it none ends.
    Raises ``SettingsError`` for a value that would silently check something else.

    >>> Settings(perspective="buyer")
    Traceback (most recent call last):
    clausecheck.errors.SettingsError: settings: perspective is 'buyer'. Use one of customer, \
supplier, both. [C303]
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: int = 1
    sensitivity: Sensitivity = "precise"
    perspective: Perspective = "both"
    detectors: tuple[Detector, ...] = ("rules", "model")
    rule_dirs: tuple[str, ...] = ()
    model_dir: str | None = None
    preview: bool = False
    cautions: bool = True
    password: str | None = None
    ocr: bool = False
    view: View = "final"
    limits: Limits = Limits()
    severity: tuple[SeverityChange, ...] = ()
    wording: tuple[HouseWording, ...] = ()
    accept: tuple[Acceptance, ...] = ()
    reviewers: tuple[str, ...] = ()
    today: str = ""

    def __post_init__(self) -> None:
        for name, kinds in (
            ("perspective", Perspective),
            ("sensitivity", Sensitivity),
            ("view", View),
        ):
            _check_choice(name, (getattr(self, name),), get_args(kinds))
        for name in ("select", "ignore", "detectors", "rule_dirs", "reviewers"):
            if isinstance(getattr(self, name), str):
                raise SettingsError(
                    "C303", f"{name} is one text.", "settings", "Give a tuple of texts."
                )
        _check_choice("detectors", self.detectors, get_args(Detector))
        if not self.detectors:
            raise SettingsError(
                "C303", "no detector is chosen.", "settings", "Name rules, model or both."
            )
        if not 1 <= self.min_severity <= 5:
            raise SettingsError(
                "C303", f"min_severity is {self.min_severity}.", "settings", "Use 1 to 5."
            )


def _check_choice(name: str, given: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    for value in given:
        if value not in allowed:
            raise SettingsError(
                "C303", f"{name} is {value!r}.", "settings", f"Use one of {', '.join(allowed)}."
            )
