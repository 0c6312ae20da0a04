"""The number formats in which Word prints automatic numbers (ECMA-376 part 1, 17.18.59).

Comes in: a value and the name of a format. Goes out: the number as printed.
"""

from __future__ import annotations

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

_HAN = "〇一二三四五六七八九"
_HANGUL = "영일이삼사오육칠팔구"


def _run(first: int, count: int) -> str:
    return "".join(chr(first + step) for step in range(count))


# Digits of another script, from zero.
_DIGITS = {
    "decimalHalfWidth": "0123456789",
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), _run(0xFF10, 10)),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "koreanDigital2"), _HAN),
    "japaneseDigitalTenThousand": _HAN,
    "koreanDigital": _HANGUL,
    "hindiNumbers": _run(0x0966, 10),
    "thaiNumbers": _run(0x0E50, 10),
}
_RUSSIAN = "абвгдежзи" + "".join(
    letter for letter in _run(0x043A, 22) if letter not in "\u044a\u044c"
)
_CIRCLED = _run(0x2460, 20) + _run(0x3251, 15) + _run(0x32B1, 15)
_KANA = "".join(
    chr(code) for code in (*range(0xFF71, 0xFF9D), 0xFF66, 0xFF9D)
)  # the half-width letters from a to n
_WIDE_KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
# Letters and signs that stand for 1, 2, 3 ...; past the last Word goes on in digits.
_SERIES = {
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _CIRCLED),
    "decimalEnclosedParen": _run(0x2474, 20),
    "decimalEnclosedFullstop": _run(0x2488, 20),
    "ideographEnclosedCircle": _run(0x3280, 10),
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "aiueo": _KANA,
    "aiueoFullWidth": _WIDE_KANA,
    "ganada": "가나다라마바사아자차카타파하",
    "chosung": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "russianLower": _RUSSIAN,
    "russianUpper": _RUSSIAN.upper(),
    "hebrew2": (
        "\u05d0\u05d1\u05d2\u05d3\u05d4\u05d5\u05d6\u05d7\u05d8\u05d9\u05db\u05dc"
        "\u05de\u05e0\u05e1\u05e2\u05e4\u05e6\u05e7\u05e8\u05e9\u05ea"
    ),
    "arabicAlpha": (
        "\u0623\u0628\u062a\u062b\u062c\u062d\u062e\u062f\u0630\u0631\u0632\u0633"
        "\u0634\u0635\u0636\u0637\u0638\u0639\u063a\u0641\u0642\u0643\u0644\u0645"
        "\u0646\u0647\u0648\u064a"
    ),
    "arabicAbjad": (
        "\u0623\u0628\u062c\u062f\u0647\u0648\u0632\u062d\u0637\u064a\u0643\u0644"
        "\u0645\u0646\u0633\u0639\u0641\u0635\u0642\u0631\u0634\u062a\u062b\u062e"
        "\u0630\u0636\u0638\u063a"
    ),
    "thaiLetters": "".join(c for c in _run(0x0E01, 46) if c not in "\u0e03\u0e05\u0e24\u0e26"),
    "hindiConsonants": "".join(c for c in _run(0x0915, 37) if c not in "\u0929\u0931\u0934"),
}
_TEN = "十"
# Digits and the sign for ten of the scripts that say "two ten three" for 23.
_COUNTED = {
    **dict.fromkeys(
        (
            "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
            "taiwaneseCountingThousand",
        ),
        (_HAN, _TEN),
    ),
    "koreanCounting": (_HANGUL, "십"),
    "japaneseLegal": ("零壱弐参四伍六七八九", "拾"),
    "chineseLegalSimplified": (
        "零壹贰叁肆伍陆柒捌玖", "拾",
    ),
    "ideographLegalTraditional": (
        "零壹貳參肆伍陸柒捌玖", "拾",
    ),
}  # fmt: skip
_HEBREW_ONES = "\u05d0\u05d1\u05d2\u05d3\u05d4\u05d5\u05d6\u05d7\u05d8"
_HEBREW_TENS = "\u05d9\u05db\u05dc\u05de\u05e0\u05e1\u05e2\u05e4\u05e6"


def print_number(value: int, style: str) -> str:
    """Return ``value`` in one of Word's number formats; decimal for formats that are not known.

    >>> [print_number(28, s) for s in ("lowerLetter", "upperRoman", "ordinal", "cardinalText")]
    ['bb', 'XXVIII', '28th', 'Twenty-eight']
    """
    match style:
        case "none" | "bullet":
            return ""
        case "decimalZero":
            return f"{value:02d}"
        case "lowerLetter" | "upperLetter" if 0 < value <= 780:
            # Word repeats the letter after z and gives up letters after 30 rounds.
            letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
            return letters.upper() if style == "upperLetter" else letters
        case "lowerRoman" | "upperRoman" if 0 < value < 32768:
            roman = _print_roman(value)
            return roman.upper() if style == "upperRoman" else roman
        case "ordinal":
            return f"{value}{_find_suffix(value)}"
        case "cardinalText" | "ordinalText" if 0 <= value < 1_000_000:
            words = _print_words(value)
            return (_make_ordinal(words) if style == "ordinalText" else words).capitalize()
        case "numberInDash":
            return f"- {value} -"
        case "hex":
            return f"{value:X}"
        case _ if style in _DIGITS:
            return "".join(_DIGITS[style][int(digit)] for digit in str(abs(value)))
        case _ if style in _SERIES and 0 < value <= len(_SERIES[style]):
            return _SERIES[style][value - 1]
        case _ if style in _COUNTED and 0 < value < 100:
            return _count_tens(value, *_COUNTED[style])
        case "hebrew1" if 0 < value < 100:
            return _print_hebrew(value)
        case "chicago" if value > 0:
            return "*†‡§"[(value - 1) % 4] * min((value - 1) // 4 + 1, 30)
        case _ if style.startswith("zeros"):
            return str(value).zfill(int(style[5:]))
        case _:
            return str(value)


def _print_roman(value: int) -> str:
    out = []
    for worth, letters in _ROMAN:
        times, value = divmod(value, worth)
        out.append(letters * times)
    return "".join(out)


def _find_suffix(value: int) -> str:
    if value % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


def _print_words(value: int) -> str:
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return f"{_TENS[tens]}-{_ONES[ones]}" if ones else _TENS[tens]
    worth, name = (1000, "thousand") if value >= 1000 else (100, "hundred")
    many, rest = divmod(value, worth)
    head = f"{_print_words(many)} {name}"
    return f"{head} {_print_words(rest)}" if rest else head


def _make_ordinal(words: str) -> str:
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    head, last = words[:cut], words[cut:]
    if last in _ORDINALS:
        last = _ORDINALS[last]
    elif last.endswith("y"):
        last = f"{last[:-1]}ieth"
    else:
        last = f"{last}th"
    return f"{head}{last}"


def _count_tens(value: int, digits: str, ten: str) -> str:
    tens, ones = divmod(value, 10)
    head = (digits[tens] if tens > 1 else "") + ten if tens else ""
    return head + (digits[ones] if ones else "")


def _print_hebrew(value: int) -> str:
    tens, ones = divmod(value, 10)
    if value in (15, 16):  # written as 9 and 6, 9 and 7, to keep clear of a holy name
        return _HEBREW_ONES[8] + _HEBREW_ONES[value - 10]
    return (_HEBREW_TENS[tens - 1] if tens else "") + (_HEBREW_ONES[ones - 1] if ones else "")
