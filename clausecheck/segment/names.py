"""The shapes of parties' names: companies, aliases in brackets, words that are no party.

Comes in: bits of text. Goes out: cleaned names and aliases; nothing here knows a whole document.
"""

from __future__ import annotations

import re

QUOTE = r"(?:[\"“”„‟]|''|``|‘‘|’’)"
SINGLE = r"[‘’'`]"

_SUFFIX_WORDS = (
    r"Inc(?:orporated)?|Ltd|Limited|L\.?\s?L\.?\s?C|L\.?\s?L\.?\s?P|L\.?\s?P|P\.?\s?C"
    r"|P\.?\s?L\.?\s?L\.?\s?C|Corp(?:oration)?"
    r"|Co(?:mpany)?|PLC|plc|GmbH|mbH|AG|S\.?\s?A\.?(?:\s?S\.?|\s?R\.?\s?L\.?)?|S\.?p\.?A"
    r"|N\.?\s?V|B\.?\s?V|AB|A/S|ASA|Oyj|Oy|KG"
    r"|Pty|Pte|Sdn|Bhd|Sàrl|Sarl|S\.à\sr\.l|Partnership|Association|Trust|N\.?\s?A|FSB|F\.S\.B"
    r"|K\.?K|DAC"
    r"|INC(?:ORPORATED)?|LTD|LIMITED|CORP(?:ORATION)?|CO(?:MPANY)?|PARTNERSHIP|ASSOCIATION|TRUST"
)
SUFFIX = re.compile(
    rf"(?:,?\s+|,)(?:{_SUFFIX_WORDS})\b\.?(?:\s*,?\s*(?:{_SUFFIX_WORDS})\b\.?)*(?=$|[\s,;:.()\"“”])"
)
# Only these may be cut off to make a short name: "Trust" and "Association" are part of the name.
_CUT = re.compile(
    r"(?:,?\s+|,)(?:Inc(?:orporated)?|Ltd|Limited|L\.?\s?L\.?\s?C|L\.?\s?L\.?\s?P|L\.?\s?P"
    r"|Corp(?:oration)?|Co(?:mpany)?"
    r"|PLC|GmbH|AG|S\.?\s?A|S\.?p\.?A|N\.?\s?V|B\.?\s?V|AB|A/S|Pty|Pte|Sdn|Bhd|S[aà]rl"
    r"|N\.?\s?A)\.?\s*$",
    re.IGNORECASE,
)
_SMALL = r"of|and|for|the|de|del|la|&|-|–|y|du|und|in|at|d/b/a|dba|a/k/a"
_WORD = r"[A-Z0-9ÀÁÂÄÅÆÇÉÈÊÍÑÓÔÖØÚÜŻŁŚ][\w&.’'/+!-]*|e[A-Z]\w+|i[A-Z]\w+|[a-z]{1,3}[A-Z]\w*"
NAME = re.compile(
    rf"(?:{_WORD})(?:(?:[ \t]+|[ \t]*\n[ \t]*|\s*(?=&))(?:(?:(?:{_SMALL})\s+){{0,2}}(?:{_WORD})"
    rf"|&|{_SUFFIX_WORDS})"
    rf"|,[ \t\n]*(?:{_SUFFIX_WORDS})\b\.?(?![\w-])){{0,14}}"
)

# Words that stand in brackets and quotes, or before "shall", but name no party.
ORDINARY = frozenset(
    """
    a addendum additional affiliate affiliates agreement agreements all amendment an annex any
    appendix article attachment background basis board certain change clause closing commission
    company's confidential confidentiality contract contracts data date day days deed default
    definitions deliverable deliverables disclosing document documents each effective either
    event exhibit facility fee fees force foregoing he hereafter herein hereinafter hereunder
    however if in information initial intellectual invoice invoices it law lease liability
    license licence loss losses master neither no nothing notice notices one order orders other
    parties party payment payments person persons preamble price product products program
    project property provided purchase receiving recitals renewal schedule section service
    services she site software statement such system technology term terms territory that the
    their there these they third this those title trademark trademarks transaction transition
    upon warranty where whereas which who work works you your we us our subsidiary subsidiaries
    member members group guarantee indemnified indemnitee indemnitor indemnifying
    representatives representative personnel arbitrator arbitrators committee court state laws
    delaware york california texas nevada florida england canada china government's january
    february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday subcontractors employees shipment delivery
    performance acceptance commencement expiration termination control rights obligation
    obligations interest taxes tax expenses costs disputes claims failure time both
    """.split()  # noqa: SIM905
)
_PARTY_LETTER = re.compile(r"Part(?:y|ner)\s+(?:[A-Z0-9]|One|Two|Three|[IVX]+)$", re.IGNORECASE)
_HEADS = frozenset(
    """
    agreement agreements date parties party services service products product term territory
    property information fees fee work project act rules documents document contract effective
    program plan system software website site business technology confidential rights order
    orders notice invoice committee board price payment payments claim claims insurance
    arbitrator arbitrators court tribunal team representative representatives messages session
    page amount offering vessel policy attributes affiliates affiliate's subsidiaries
    indemnitees personnel employees customers alert laws statements statement compliance
    milestone warranty law purpose amendment schedule period patents patent marks mark event
    facilities facility premises building loan note lease license licence exhibit deliverables
    shares stock securities
    """.split()  # noqa: SIM905
)
_DATE = re.compile(
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June?|July?|Aug(?:ust)?|Sept(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
    r"(?:\s+\d|\s*$)|(?:USD|RMB|US\$|EUR|Dated|\d+(?:st|nd|rd|th)?\b(?!\s+[A-Z]))|Exhibit\b"
    r"|Section\b|Article\b|If\s",
    re.IGNORECASE,
)
# Words after these belong to the next line of a signature or a list ("ACME, INC. By").
_ENDING = re.compile(
    r"[\s,](?:Inc|INC|Ltd|LTD|L\.?L\.?C|L\.?P|LLP|Corp|CORP|GmbH|PLC)\b\.?(?=\s+(?!of\b|and\b|&"
    r"|Ltd|LTD|Inc|L)[\w])"
)
_NO_NAME = re.compile(
    r"\b\d{5}\b|\b(?:AGREEMENT|AMENDMENT|Agreement|Amendment|CONTRACT|DEED|Table\s+of|TABLE\s+OF"
    r"|Officer|President|Director)\b"
    r"|\b(?!(?:Corp|Bros|Dept|Univ|Assn|Mfg|Intl|Messrs)\.)[A-Za-z]{4,}\.\s"
    r"|\b[A-Z]{1,2}\d{1,2}[A-Z]?\s\d[A-Z]{2}\b|^(?:State|Commonwealth|Republic|Province"
    r"|Kingdom)\s+of\b"
    r"|^\d.*\b(?:Street|Road|Avenue|Boulevard|Floor|Drive|Lane|Way|F|Building|Block)\b"
    r"|^[A-Z]?\d+\b.*\bBuilding\b"
    r"|^(?:Singapore|Luxembourg|Bermuda|Germany|France|Japan|China|New\s+York|Washington"
    r"|Maryland|Ohio|As|Affiliates?)$"
    r"|^(?:England|Wales|Scotland|Delaware|California|Texas|Nevada|Florida|Virginia|Israel"
    r"|Canada|Ontario|Hong\s+Kong|Ireland|Suite|Attn|Attention)$"
)
PRONOUNS = frozenset(("you", "we", "us"))
_LEAD = re.compile(r"(?:the|an?|each|its|such|as)\s+", re.IGNORECASE)


def in_capitals(alias: str) -> str:
    """Return how a name is written where a text uses capitals; "US" is no "us".

    >>> in_capitals("Supplier"), in_capitals("us")
    ('SUPPLIER', 'Us')
    """
    return alias.title() if alias in PRONOUNS else alias.upper()


def fold_space(text: str) -> str:
    r"""Return ``text`` with every run of white space as one space.

    >>> fold_space("Acme\n  Ltd ")
    'Acme Ltd'
    """
    return " ".join(text.split())


def has_suffix(name: str) -> bool:
    """Tell whether a name ends as a company's does.

    >>> has_suffix("Acme Widgets, Inc."), has_suffix("Supplier")
    (True, False)
    """
    return SUFFIX.search(name) is not None


def strip_suffix(name: str) -> str:
    """Return a company's name without its legal form.

    >>> strip_suffix("Acme Widgets Co., Ltd.")
    'Acme Widgets'
    """
    while True:
        cut = _CUT.sub("", name.rstrip(" ,"))
        if cut == name or not cut.strip():
            return name.rstrip(" ,")
        name = cut


def clean_alias(alias: str) -> str:
    """Return an alias as clauses use it, or "" when the words can name no party.

    >>> clean_alias("the  Supplier,"), clean_alias("Agreement"), clean_alias("Effective Date")
    ('Supplier', '', '')
    """
    alias = fold_space(alias).strip(" ,.;:\"“”'‘’`_*")
    alias = _LEAD.sub("", alias, count=1)
    if not 2 <= len(alias) <= 60 or not any(c.isalpha() for c in alias):
        return ""
    if alias.lower() in PRONOUNS or _PARTY_LETTER.match(alias):
        return alias
    words = alias.lower().split()
    if len(words) > 7 or not (
        alias[0].isupper() or alias[0].isdigit() or any(map(str.isupper, alias))
    ):
        return ""
    if is_ordinary(alias) or words[-1] in _HEADS:
        return ""
    return alias


def is_ordinary(name: str) -> bool:
    """Tell whether a name is an ordinary word of contracts ("Party", "Services").

    >>> is_ordinary("Services"), is_ordinary("Contractor")
    (True, False)
    """
    return not _PARTY_LETTER.match(name) and all(w in ORDINARY for w in name.lower().split())


def clean_name(name: str) -> str:
    """Return a full name without a leading article and trailing small words, or "".

    >>> clean_name("the Acme Bank of")
    'Acme Bank'
    """
    name = fold_space(name).strip(" ,;:\"“”'‘’`_*-–")
    # "Parties" is the heading above the name in drafts that number their parties.
    name = re.sub(r"^(?:(?:the|The|THE|For|FOR|By|BY|Parties|PARTIES)\s+)+", "", name)
    name = re.sub(rf"(?:\s+(?:{_SMALL}))+$", "", name)
    ending = _ENDING.search(name)
    name = name[: ending.end()] if ending else name
    if not has_suffix(name):
        name = name.rstrip(".")
    if (
        _DATE.match(name)
        or _NO_NAME.search(name)
        or len(name) < 2
        or len(name) > 120
        or is_ordinary(name)
        or not any(c.isalpha() for c in name)
    ):
        return ""
    return name
