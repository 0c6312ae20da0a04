"""The project file: what it may say, what comes first, and what findings may stand."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clausecheck import cli
from clausecheck.commands.project import SETTABLE
from clausecheck.errors import SettingsError
from clausecheck.markup.word_review import mark_word
from clausecheck.pipeline import Checker
from clausecheck.project import (
    encode_baseline,
    format_acceptance,
    load_baseline,
    load_project,
)
from clausecheck.records import Acceptance
from clausecheck.settings import HouseWording, Settings, SeverityChange

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "corpora" / "samples" / "hostile-outsourcing.docx"
CLAUSE = "Customer may terminate this Agreement for convenience at any time on ten days' notice."
DRAFT = f"""SERVICES AGREEMENT

This Agreement is made between Elm Ltd ("Customer") and Ash Ltd ("Supplier").

1. Services. Supplier shall provide the services described in Schedule 1.

2. Ending. {CLAUSE}

3. Law. This Agreement is governed by the law of England.
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "draft.txt").write_text(DRAFT, "utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = cli.run_command(list(arguments))
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def codes_of(out: str, name: str = "findings") -> list[str]:
    return [f["code"] for f in json.loads(out)["reviews"][0][name] if f["family"] != "CO"]


def write_project(folder: Path, text: str) -> Path:
    path = folder / "clausecheck.toml"
    path.write_text(text, "utf-8")
    return path


# ---- options


def test_the_nearest_file_above_gives_the_defaults(run: Run, tmp_path: Path) -> None:
    write_project(tmp_path, 'for = "supplier"\nignore = ["WL201", "AB"]\nfail-on = 5\n')
    (tmp_path / "matter").mkdir()
    code, out, err = run("draft.txt", "--format", "json")
    assert (code, codes_of(out)) == (0, [])
    assert "clausecheck.toml apply" in err
    assert run("-q", "draft.txt")[2] == ""


def test_the_command_line_comes_first(run: Run, tmp_path: Path) -> None:
    write_project(tmp_path, 'ignore = ["WL201"]\n')
    assert codes_of(run("draft.txt", "--format", "json", "--ignore", "RS")[1]) == ["WL201"]
    assert codes_of(run("draft.txt", "--format", "json", "--no-config")[1]) == ["WL201"]
    (tmp_path / "other.toml").write_text("min-severity = 1\n", "utf-8")
    assert codes_of(run("--config", "other.toml", "draft.txt", "--format", "json")[1]) == ["WL201"]


def test_settings_tell_where_each_value_comes_from(run: Run, tmp_path: Path) -> None:
    write_project(tmp_path, 'sensitivity = "balanced"\n[severity]\nWL = "-1"\n')
    code, out, _ = run("settings", "--for", "customer", "--json")
    told = json.loads(out)
    rows = {row["name"]: (row["value"], row["from"]) for row in told["settings"]}
    assert code == 0
    assert set(rows) == set(SETTABLE)
    assert rows["sensitivity"] == ("balanced", told["file"])
    assert rows["for"] == ("customer", "command line")
    assert rows["min-severity"] == ("1", "default")
    assert told["severity"] == [{"code": "WL", "steps": -1, "relative": True}]
    drawn = run("settings")[1]
    assert "WL: -1" in drawn
    assert "Settings file: none" in run("settings", "--no-config")[1]


def test_every_value_of_an_option_can_stand_in_the_file(run: Run, tmp_path: Path) -> None:
    values = {
        "author": '"A"', "baseline": '"b.json"', "cautions": "false", "color": "false",
        "detectors": '["rules"]', "edition": '"full"', "fail-on": "3", "for": '"both"',
        "format": '"json"', "ignore": '"AB"', "initials": '"A"', "min-severity": "2",
        "ocr": "false", "preview": "true", "rules": "[]", "select": '["RS", "WL"]',
        "sensitivity": '"thorough"', "view": '"final"', "why": "true",
    }  # fmt: skip
    assert set(values) == set(SETTABLE)
    (tmp_path / "b.json").write_text(encode_baseline([]), "utf-8")
    write_project(tmp_path, "".join(f"{key} = {value}\n" for key, value in values.items()))
    code, out, _ = run("draft.txt")
    assert code in (0, 1)
    assert json.loads(out)["reviews"][0]["status"] == "complete"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sensitivty = 1", "Did you mean 'sensitivity'?"),
        ('password = "x"', "CLAUSECHECK_PASSWORD"),
        ("min-severity = 9", "min-severity: 9 is not in the range"),
        ('detectors = ["magic"]', "'magic' is not one of"),
        ("for = [", "it is no TOML"),
        ("[severity]\nWL201 = 6", "6 is no severity"),
        ("[severity]\nWL201 = true", "True is no severity"),
        ("[severity]\nCO401 = 1", "are credit"),
        ("severity = 1", "is not a table"),
        ("[wording]\nWL201 = 1", "has no text"),
        ('[wording]\nWL201 = "{custmer} may"', "Did you mean customer?"),
        ('[wording.WL201]\ntext = "a"\ngrade = "good"', "is no grade"),
        ('[wording.WL201]\ntext = "a"\ncolour = "b"', "there is no 'colour'"),
        ("accept = 1", "is not a list"),
        ('[[accept]]\nrule = "WL201"', "does not say clause"),
        ('[[accept]]\nrule = "WL201"\nclause = "12.2"\nreason = "r"\nwho = "w"', "no fingerprint"),
        ('[[accept]]\nrule = "CO401"\nclause = "1"\nreason = "r"\nwho = "w"', "is no rule"),
        (
            '[[accept]]\nrule = "WL201"\nclause = "000000000000"\nreason = "r"\nwho = "w"\n'
            'until = "soon"',
            "'soon' is no date",
        ),
        ('[[accept]]\nwhy = "r"', "there is no 'why'"),
        ('reviewers = "A"', "no list of names"),
    ],
)
def test_what_is_wrong_is_told_with_the_file(
    run: Run, tmp_path: Path, text: str, told: str
) -> None:
    write_project(tmp_path, text)
    code, out, err = run("draft.txt")
    assert (code, out) == (2, "")
    assert told in err
    assert "clausecheck.toml" in err


@pytest.mark.parametrize("entry", ["[severity]\nWL999 = 1", '[wording]\nWL999 = "a"'])
def test_a_code_that_no_rule_has_is_refused(run: Run, tmp_path: Path, entry: str) -> None:
    write_project(tmp_path, entry)
    code, _, err = run("draft.txt")
    assert (code, "WL999" in err) == (2, True)


def test_the_page_shows_a_file_that_can_be_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "project.md").read_text("utf-8")
    project = load_project(write_project(tmp_path, page.split("```toml\n")[1].split("```")[0]))
    assert project.severity[1] == SeverityChange("RS", 1, relative=True)
    assert project.accept[0].until == "2027-03-31"
    assert all(f"`{name}`" in page for name in SETTABLE)


# ---- severities and wording


def test_a_house_severity_is_final_and_leaves_the_balance_alone() -> None:
    plain = Checker().check(SAMPLE)
    house = Checker(
        Settings(severity=(SeverityChange("RS", 1, relative=True), SeverityChange("AB", 5)))
    ).check(SAMPLE)
    assert house.balance == plain.balance
    for before, after in zip(plain.findings, house.findings, strict=True):
        wanted = {"RS": min(5, before.severity + 1), "AB": 5}.get(before.family, before.severity)
        assert after.severity == wanted
        changed = wanted != before.severity
        assert any(e.kind == "house" for e in after.evidence) == changed


def test_the_house_wording_is_proposed_first() -> None:
    wording = HouseWording("WL201", "{customer} and {supplier} talk first.", "drop-in", "Playbook.")
    found = Checker(Settings(wording=(wording,))).check_text(DRAFT).findings
    first, second = found[0].suggestions[:2]
    assert (first.text, first.grade, first.rationale) == (
        "Customer and Supplier talk first.", "drop-in", "Playbook.",
    )  # fmt: skip
    assert second == Checker().check_text(DRAFT).findings[0].suggestions[0]


# ---- findings that may stand


def test_accept_writes_what_the_next_review_reads(run: Run, tmp_path: Path) -> None:
    assert run("accept", "draft.txt", "WL201")[0] == 2
    code, out, _ = run(
        "accept", "draft.txt", "WL201", "2", "--reason", 'Short "term"', "--who", "A. Lawyer",
        "--until", "2999-12-31",
    )  # fmt: skip
    assert (code, "may stand" in out) == (0, True)
    code, out, _ = run("draft.txt", "--format", "json", "-o", "-")
    assert (code, codes_of(out), codes_of(out, "accepted")) == (0, [], ["WL201"])
    shown = run("draft.txt")[1]
    assert "Accepted (1)" in shown
    assert 'Short "term" (A. Lawyer, in the project file, until 2999-12-31)' in " ".join(
        shown.split()
    )
    assert "besides those that were accepted" in " ".join(shown.split())
    page = "".join(run("draft.txt", "--format", "html")[1])
    assert "Short &#34;term&#34; (A. Lawyer" in page
    assert "Short" not in run("draft.txt", "--edition", "shareable")[1]
    assert ",accepted," in run("draft.txt", "--format", "csv")[1]


def test_accept_names_the_choices(run: Run, tmp_path: Path) -> None:
    twice = DRAFT.replace("3. Law", f"3. Orders. {CLAUSE.replace('Agreement', 'Order')}\n\n4. Law")
    (tmp_path / "draft.txt").write_text(twice, "utf-8")
    why = ("--reason", "r", "--who", "w")
    code, _, err = run("accept", "draft.txt", "WL201", *why)
    assert code == 3
    assert "more than one clause" in err
    assert "2. Ending" in err
    assert run("accept", "draft.txt", "WL201", "9", *why)[0] == 3
    assert run("accept", "draft.txt", "RS101", *why)[0] == 3
    assert run("accept", "draft.txt", "WL201", "3", *why)[0] == 0


@pytest.mark.parametrize(
    "said",
    [
        "17.2(a)",
        "17.2 (a)",
        "clause 17.2(a)",
        "17.2 > (a)",
        "§ 17.2(a)",
        "17. Liability > 17.2 Limit > (a)",
    ],
)
def test_a_clause_is_named_as_lawyers_name_it(run: Run, tmp_path: Path, said: str) -> None:
    code, _, err = run("accept", str(SAMPLE), "RS103", said, "--reason", "r", "--who", "w")
    assert (code, err) == (0, "")
    assert len(load_project(tmp_path / "clausecheck.toml").accept) == 1


def test_an_acceptance_ends_when_the_words_change(run: Run, tmp_path: Path) -> None:
    run("accept", "draft.txt", "WL201", "--reason", "r", "--who", "w")
    renumbered = DRAFT.replace("2. Ending", "7. Ending")
    (tmp_path / "draft.txt").write_text(renumbered, "utf-8")
    assert run("draft.txt", "-q")[0] == 0
    (tmp_path / "draft.txt").write_text(DRAFT.replace("ten days", "two days"), "utf-8")
    code, _, err = run("draft.txt", "-q")
    assert code == 1
    assert "was not used: no clause has these words" in err


def test_an_acceptance_is_for_one_finding_and_ends_on_its_day() -> None:
    twice = DRAFT.replace("3. Law", f"3. Ending again. {CLAUSE}\n\n4. Law").replace(
        "Ending again", "Ending"
    )
    found = Checker().check_text(twice).findings
    assert [f.code for f in found] == ["WL201", "WL201"]
    assert found[0].fingerprint == found[1].fingerprint
    one = Acceptance("WL201", found[0].fingerprint, "r", "w", "2027-03-31")

    def review(*accept: Acceptance, today: str = "") -> tuple[int, int, list[str]]:
        made = Checker(Settings(accept=accept, today=today)).check_text(twice)
        return len(made.findings), len(made.accepted), [u.why for u in made.unused]

    assert review(one) == (1, 1, [])
    assert review(one, one) == (0, 2, [])
    assert review(one, one, one) == (0, 2, ["gone"])
    assert review(one, today="2027-03-31") == (1, 1, [])
    assert review(one, today="2027-04-01") == (2, 0, ["ended"])
    other = Acceptance("WL201", "0" * 12, "r", "w")
    assert review(other) == (2, 0, ["changed"])
    elsewhere = Acceptance("WL201", found[0].fingerprint, "r", "w", document="else.docx")
    assert review(elsewhere) == (2, 0, [])


def test_a_baseline_counts(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("baseline", "draft.txt", "-o", "b.json")
    assert (code, out) == (0, "")
    assert "terminate" not in (tmp_path / "b.json").read_text("utf-8")
    assert run("draft.txt", "--baseline", "b.json", "-q")[0] == 0
    twice = DRAFT.replace("3. Law", f"3. Ending. {CLAUSE}\n\n4. Law")
    (tmp_path / "draft.txt").write_text(twice, "utf-8")
    code, out, _ = run("draft.txt", "--baseline", "b.json", "--format", "json")
    assert (code, codes_of(out), codes_of(out, "accepted")) == (1, ["WL201"], ["WL201"])


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"format": "clausecheck-baseline/1", "findings": [{}]}']
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError):
        load_baseline(path)


@pytest.mark.parametrize(
    "reason", ["plain", 'a "b" \\ c', "tab\tnew\nline", "\x7f\x00\u2028", "naïve 😀 法"]
)
def test_an_entry_is_read_as_it_was_written(tmp_path: Path, reason: str) -> None:
    item = Acceptance("WL201", "0" * 12, reason, "A", "2027-03-31", "a b.docx")
    read = load_project(write_project(tmp_path, format_acceptance(item))).accept[0]
    assert read == Acceptance("WL201", "0" * 12, reason.strip(), "A", "2027-03-31", "a b.docx")


def test_an_entry_is_never_added_to_a_list_on_one_line(run: Run, tmp_path: Path) -> None:
    path = write_project(tmp_path, "accept = []\n")
    code, _, err = run("accept", "draft.txt", "WL201", "--reason", "r", "--who", "w")
    assert (code, "on one line" in err) == (2, True)
    assert path.read_text("utf-8") == "accept = []\n"


# ---- replies in Word


def reply(data: bytes, *, to: str, text: str, author: str) -> bytes:
    """Return the file with a reply to the first comment that begins with ``to``."""
    held = {}
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        for name in source.namelist():
            held[name] = source.read(name)
    comments = held["word/comments.xml"].decode()
    w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    start = comments.rindex("<w:comment ", 0, comments.index(to))
    # The last paragraph of a comment is the one that a reply points to.
    last = comments.rindex("<w:p>", start, comments.index("</w:comment>", start))
    marked = f'{comments[:last]}<w:p {w14} w14:paraId="0A0A0A01">{comments[last + 5 :]}'
    made = (
        f'<w:comment w:id="9999" w:author="{author}"><w:p {w14} w14:paraId="0A0A0A02"><w:r><w:t>'
        f"{text}</w:t></w:r></w:p></w:comment></w:comments>"
    )
    held["word/comments.xml"] = marked.replace("</w:comments>", made).encode()
    held["word/commentsExtended.xml"] = (
        b'<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        b'<w15:commentEx w15:paraId="0A0A0A01" w15:done="0"/>'
        b'<w15:commentEx w15:paraId="0A0A0A02" w15:paraIdParent="0A0A0A01" w15:done="0"/>'
        b"</w15:commentsEx>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
    held["[Content_Types].xml"] = held["[Content_Types].xml"].replace(
        b"</Types>",
        f'<Override PartName="/word/commentsExtended.xml" ContentType="{kind}"/></Types>'.encode(),
    )
    relation = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
    held["word/_rels/document.xml.rels"] = held["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rIdEx" Type="{relation}" Target="commentsExtended.xml"/>'
        "</Relationships>".encode(),
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in held.items():
            target.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def replied() -> bytes:
    data = SAMPLE.read_bytes()
    marked = mark_word(data, Checker().check(SAMPLE)).data
    return reply(marked, to="WL201 ", text="Accept: the term is short", author="A. Lawyer")


def test_a_reply_in_word_lets_a_finding_stand(replied: bytes) -> None:
    plain, review = Checker().check(SAMPLE), Checker().check(replied, name="reviewed.docx")
    accepted = [(f.code, f.accepted) for f in review.accepted]
    first = next(f for f in plain.findings if f.code == "WL201")
    assert accepted == [
        (
            "WL201",
            Acceptance(
                "WL201", first.fingerprint, "the term is short", "A. Lawyer", source="reply"
            ),
        )
    ]
    assert len(review.findings) == len(plain.findings) - 1
    assert review.balance == plain.balance


def test_only_the_replies_of_reviewers_count_where_they_are_named(replied: bytes) -> None:
    for reviewers, count in (((), 1), (("A. Lawyer",), 1), (("B. Lawyer",), 0)):
        review = Checker(Settings(reviewers=reviewers)).check(replied, name="reviewed.docx")
        assert len(review.accepted) == count


def test_replies_can_be_written_into_the_file(run: Run, tmp_path: Path, replied: bytes) -> None:
    (tmp_path / "reviewed.docx").write_bytes(replied)
    assert run("accept", "reviewed.docx", "--replies")[0] == 0
    assert run("accept", "draft.txt", "--replies")[0] == 3
    item = load_project(tmp_path / "clausecheck.toml").accept[0]
    assert (item.rule, item.reason, item.who, item.source) == (
        "WL201", "the term is short", "A. Lawyer", "project",
    )  # fmt: skip
    code, out, _ = run(str(SAMPLE), "--format", "json")
    assert (code, codes_of(out, "accepted")) == (1, ["WL201"])


def test_a_comparison_shows_what_may_stand(replied: bytes) -> None:
    checker = Checker()
    found = checker.compare(SAMPLE, replied).findings
    assert {c.status for c in found} == {"persisting"}
    assert "WL201" in {c.new.code for c in found if c.new}
    fingerprint = checker.check(replied, name="a.docx").accepted[0].fingerprint
    settings = Settings(accept=(Acceptance("WL201", fingerprint, "r", "w"),))
    again = [c.status for c in Checker(settings).compare(SAMPLE, SAMPLE).findings]
    assert set(again) == {"persisting"}
