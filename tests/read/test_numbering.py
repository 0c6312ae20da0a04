"""Labels against what Word prints, one behaviour of its lists per test."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from clausecheck.read.number_formats import print_number
from clausecheck.read.numbering import Numbering
from clausecheck.read.word_names import MC, W


def make_level(depth, text, *, fmt="decimal", start="1", extra=""):
    first = f'<w:start w:val="{start}"/>' if start else ""
    return (
        f'<w:lvl w:ilvl="{depth}">{first}<w:numFmt w:val="{fmt}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def make_numbering(abstracts, nums, *, links=None):
    """Build definitions: abstract id -> levels' XML, num id -> (abstract id, overrides' XML)."""
    xml = [f'<w:numbering xmlns:w="{W[1:-1]}" xmlns:mc="{MC[1:-1]}">']
    xml += [
        f'<w:abstractNum w:abstractNumId="{key}">{levels}</w:abstractNum>'
        for key, levels in abstracts.items()
    ]
    xml += [
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'
        for key, (of, overrides) in nums.items()
    ]
    xml.append("</w:numbering>")
    return Numbering(etree.fromstring("".join(xml)), style_links=links)


def print_labels(numbering, steps):
    counter = numbering.start_counter()
    labels = [counter.count(number, level) for number, level in steps]
    return [None if label is None else label.text for label in labels]


LEGAL = make_level(0, "%1.") + make_level(1, "%1.%2") + make_level(2, "(%3)", fmt="lowerLetter")


def test_levels_restart_under_each_higher_level():
    numbering = make_numbering({"0": LEGAL}, {"1": ("0", "")})
    steps = [("1", n) for n in (0, 1, 2, 2, 1, 2, 0, 1)]
    assert print_labels(numbering, steps) == ["1.", "1.1", "(a)", "(b)", "1.2", "(a)", "2.", "2.1"]


def test_a_skipped_level_counts_as_begun():
    numbering = make_numbering({"0": LEGAL}, {"1": ("0", "")})
    assert print_labels(numbering, [("1", 1), ("1", 1), ("1", 0)]) == ["1.1", "1.2", "2."]


def test_a_level_before_its_restart_level_keeps_counting():
    levels = (
        make_level(0, "%1.")
        + make_level(1, "%1.%2")
        + make_level(2, "(%3)", extra='<w:lvlRestart w:val="1"/>')
        + make_level(3, "[%4]", extra='<w:lvlRestart w:val="0"/>')
    )
    numbering = make_numbering({"0": levels}, {"1": ("0", "")})
    steps = [("1", n) for n in (0, 1, 2, 3, 1, 2, 3, 0, 2, 3)]
    labels = print_labels(numbering, steps)
    assert labels == ["1.", "1.1", "(1)", "[1]", "1.2", "(2)", "[2]", "2.", "(1)", "[3]"]


def test_lists_of_one_abstract_list_share_its_count():
    numbering = make_numbering({"0": LEGAL}, {"1": ("0", ""), "2": ("0", "")})
    assert print_labels(numbering, [("1", 0), ("2", 0), ("1", 0)]) == ["1.", "2.", "3."]


def test_a_start_override_restarts_once():
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = make_numbering({"0": LEGAL}, {"1": ("0", ""), "2": ("0", override)})
    steps = [("1", 0), ("2", 0), ("2", 0), ("1", 0), ("2", 0)]
    assert print_labels(numbering, steps) == ["1.", "5.", "6.", "7.", "8."]


def test_an_override_may_replace_a_whole_level():
    override = f'<w:lvlOverride w:ilvl="0">{make_level(0, "Part %1", fmt="upperRoman")}'
    numbering = make_numbering({"0": LEGAL}, {"1": ("0", override + "</w:lvlOverride>")})
    assert print_labels(numbering, [("1", 0), ("1", 1)]) == ["Part I", "I.1"]


def test_legal_levels_print_the_levels_above_in_digits_and_keep_a_leading_zero():
    levels = make_level(0, "Article %1", fmt="upperRoman")
    levels += make_level(1, "Section %1.%2", fmt="decimalZero", extra="<w:isLgl/>")
    numbering = make_numbering({"0": levels}, {"1": ("0", "")})
    assert print_labels(numbering, [("1", 0), ("1", 1)]) == ["Article I", "Section 1.01"]


def test_a_list_style_stands_for_the_list_it_names():
    abstracts = {"0": LEGAL, "1": '<w:numStyleLink w:val="Legal"/>'}
    nums = {"1": ("0", ""), "2": ("1", "")}
    numbering = make_numbering(abstracts, nums, links={"Legal": "1"})
    assert print_labels(numbering, [("1", 0), ("2", 0)]) == ["1.", "2."]


def test_list_styles_that_name_each_other_end():
    abstracts = {"0": '<w:numStyleLink w:val="A"/>'}
    numbering = make_numbering(abstracts, {"1": ("0", "")}, links={"A": "1"})
    assert print_labels(numbering, [("1", 0)]) == [None]


def test_the_level_of_a_style_is_the_one_linked_to_it():
    levels = make_level(0, "%1.") + make_level(1, "%1.%2", extra='<w:pStyle w:val="Clause2"/>')
    numbering = make_numbering({"0": levels}, {"1": ("0", "")})
    assert numbering.find_level("1", ["Other", "Clause2"]) == 1
    assert numbering.find_level("1", ["Other"]) is None
    assert numbering.find_level("9", ["Clause2"]) is None


@pytest.mark.parametrize("number", ["0", "77"])
def test_no_list_and_unknown_list_give_no_label(number):
    numbering = make_numbering({"0": LEGAL}, {"1": ("0", "")})
    assert numbering.start_counter().count(number, 0) is None


def test_bullets_are_marked_and_have_no_label():
    numbering = make_numbering({"0": make_level(0, "\u2022", fmt="bullet")}, {"1": ("0", "")})
    label = numbering.start_counter().count("1", 0)
    assert (label.text, label.bullet) == ("", True)


def test_a_level_without_number_prints_its_words_and_without_start_begins_at_zero():
    levels = make_level(0, "Schedule", fmt="none") + make_level(1, "%2)", start="")
    numbering = make_numbering({"0": levels}, {"1": ("0", "")})
    assert print_labels(numbering, [("1", 0), ("1", 1)]) == ["Schedule", "0)"]


def test_a_hidden_number_is_not_printed_but_counts():
    hidden = make_level(0, "%1.", extra="<w:rPr><w:vanish/></w:rPr>") + make_level(1, "%1.%2")
    numbering = make_numbering({"0": hidden}, {"1": ("0", "")})
    assert print_labels(numbering, [("1", 0), ("1", 0), ("1", 1)]) == ["", "", "2.1"]


def test_a_padded_format_wrapped_for_old_programs_is_read():
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="7"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
        '<w:lvlText w:val="%1"/></w:lvl>'
    )
    assert print_labels(make_numbering({"0": level}, {"1": ("0", "")}), [("1", 0)]) == ["007"]


def test_placeholders_of_deeper_or_missing_levels_print_nothing():
    numbering = make_numbering({"0": make_level(0, "%1.%2.%9")}, {"1": ("0", "")})
    assert print_labels(numbering, [("1", 0)]) == ["1.."]


@pytest.mark.parametrize(
    ("value", "style", "printed"),
    [
        (26, "lowerLetter", "z"),
        (27, "lowerLetter", "aa"),
        (53, "upperLetter", "AAA"),
        (0, "lowerLetter", "0"),
        (10**8, "lowerLetter", "100000000"),
        (1994, "upperRoman", "MCMXCIV"),
        (9, "lowerRoman", "ix"),
        (11, "ordinal", "11th"),
        (22, "ordinal", "22nd"),
        (21, "ordinalText", "Twenty-first"),
        (12, "ordinalText", "Twelfth"),
        (30, "ordinalText", "Thirtieth"),
        (342, "cardinalText", "Three hundred forty-two"),
        (9, "decimalZero", "09"),
        (100, "decimalZero", "100"),
        (5, "chicago", "**"),
        (3, "numberInDash", "- 3 -"),
        (255, "hex", "FF"),
        (3, "bahtText", "3"),
        (12, "decimalEnclosedCircle", "⑫"),
        (50, "decimalEnclosedCircle", "㊿"),
        (51, "decimalEnclosedCircle", "51"),
        (3, "decimalEnclosedParen", "⑶"),
        (20, "decimalEnclosedFullstop", "⒛"),
        (10, "decimalFullWidth", "１０"),
        (4, "ideographTraditional", "丁"),
        (12, "ideographZodiac", "亥"),
        (3, "ideographEnclosedCircle", "㊂"),
        (10, "japaneseCounting", "十"),
        (23, "chineseCountingThousand", "二十三"),
        (20, "ideographDigital", "二〇"),
        (11, "koreanCounting", "십일"),
        (3, "japaneseLegal", "参"),
        (46, "aiueoFullWidth", "ン"),
        (46, "aiueo", "ﾝ"),
        (3, "ganada", "다"),
        (29, "russianLower", "я"),
        (1, "russianUpper", "А"),
        (15, "hebrew1", "\u05d8\u05d5"),
        (22, "hebrew2", "\u05ea"),
        (28, "arabicAlpha", "\u064a"),
        (28, "arabicAbjad", "\u063a"),
        (1, "thaiLetters", "\u0e01"),
        (1, "hindiConsonants", "\u0915"),
        (10, "hindiNumbers", "\u0967\u0966"),
    ],
)
def test_number_formats(value, style, printed):
    assert print_number(value, style) == printed


@given(st.integers(1, 32767))
def test_roman_numbers_can_be_read_back(value):
    worth = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    digits = [worth[letter] for letter in print_number(value, "lowerRoman")]
    total = sum(
        -one if later > one else one for one, later in zip(digits, [*digits[1:], 0], strict=True)
    )
    assert total == value


@given(st.lists(st.integers(0, 2), max_size=40))
def test_last_number_of_a_label_counts_its_run(levels):
    """Each label's own number is one more than that of the sibling before it."""
    numbering = make_numbering({"0": LEGAL.replace("(%3)", "%1.%2.%3")}, {"1": ("0", "")})
    labels = print_labels(numbering, [("1", level) for level in levels])
    seen: dict[int, int] = {}
    for level, label in zip(levels, labels, strict=True):
        for upper in range(level):
            seen.setdefault(upper, 1)
        seen[level] = seen.get(level, 0) + 1
        seen = {depth: value for depth, value in seen.items() if depth <= level}
        own = label.strip(".").split(".")[-1]
        expected = chr(96 + seen[2]) if level == 2 and seen[2] < 27 else str(seen[level])
        if level < 2 or seen[2] < 27:
            assert own == expected
