"""Bad files through the real command: one clear line, exit 3, no clean bill of health."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as WordDocument

from tests.read.pdfs import Page, lines, make_pdf
from tests.rule_files import write_rule

CLAUSE = "1. Vendor shall carry all of the loss."
TEXT = (
    'This Agreement is made between Acme Ltd ("Client") and Borealis Ltd ("Vendor").\n'
    f"{CLAUSE}\n2. Client shall keep the minutes of every meeting.\n"
)
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
WORD_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Generous: the whole run takes a second or two on an idle machine.
SECONDS = 120
Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    rules = tmp_path / "rules"
    rules.mkdir()
    write_rule(rules, "RS901", "[A] shall carry", base=4)
    start = [sys.executable, "-m", "clausecheck", "--rules", "rules", "--select", "RS901"]

    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*start, *arguments], cwd=tmp_path, capture_output=True, check=False,
            stdin=subprocess.DEVNULL, timeout=SECONDS,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        )  # fmt: skip

    return run


def make_word() -> bytes:
    document, made = WordDocument(), io.BytesIO()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(made)
    return made.getvalue()


def swap_body(body: bytes, *, repeat: int = 1) -> bytes:
    """Return a Word file whose body is ``body``, written ``repeat`` times."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make_word())) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name != "word/document.xml":
                target.writestr(name, source.read(name))
                continue
            with target.open(name, "w", force_zip64=True) as stream:
                stream.write(f'<w:document xmlns:w="{WORD_NS}"><w:body>'.encode())
                for _ in range(repeat):
                    stream.write(body)
                stream.write(b"</w:body></w:document>")
    return made.getvalue()


def nest_tables(depth: int) -> bytes:
    words = f"<w:p><w:r><w:t>{CLAUSE}</w:t></w:r></w:p>"
    opened, closed = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    return swap_body((opened * depth + words + closed * depth).encode())


WORD = make_word()
PDF = make_pdf(Page(lines(*TEXT.splitlines())))
# Name: content, code, words of the message, words of the advice.
BAD: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "empty.txt": (lambda: b"", "C104", "empty", "Check"),
    "empty.docx": (lambda: b"", "C104", "empty", "Check"),
    "blank.txt": (lambda: b" \r\n\t\n \f", "C105", "white space", "Check"),
    "cut.docx": (lambda: WORD[: len(WORD) // 2], "C117", "cut short", "fresh copy"),
    "cut.pdf": (lambda: PDF[: len(PDF) // 3], "C114", "cut short", "fresh copy"),
    "locked.pdf": (lambda: make_pdf(Page(lines(CLAUSE)), password="x"), "C112", "password", "copy"),
    "locked.docx": (lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(99), "C111",
                    "password", "remove the password"),
    "old.doc": (lambda: OLE + "WordDocument".encode("utf-16-le") + bytes(99), "C109",
                "Word 97-2003", "save it as a Word document"),
    "scan.pdf": (lambda: make_pdf(Page(image=True)), "C115", "no text", "OCR"),
    "bomb.docx": (lambda: swap_body(b"<w:p/>" * 100_000, repeat=400), "C122", "unpacks", "trust"),
    "nested.docx": (lambda: nest_tables(5_000), "C123", "nested", "save it again"),
    "binary.txt": (lambda: bytes(range(256)) * 50, "C108", "binary", "Word document"),
    "prose.txt": (lambda: b"The sea was grey that day, and the gulls cried.\n" * 9, "C130",
                  "no clause", "contract"),
    "german.txt": ("1. Der Auftragnehmer erbringt die Leistungen für den Kunden.\n".encode,
                   "C130", "no clause", "English"),
    "page.txt": (lambda: b"Page 3", "C130", "no clause", "contract"),
    "dots.txt": (lambda: b"... --- ...", "C130", "no clause", "readable"),
    "one-word.txt": (lambda: b"a" * 5_000_000, "C130", "no clause", "readable"),
}  # fmt: skip


def check_refused(
    done: subprocess.CompletedProcess[bytes], name: str, code: str, message: str, advice: str
) -> None:
    error = done.stderr.decode("utf-8")
    assert done.returncode == 3, error
    assert done.stdout == b""
    assert error.count("\n") == 1, error
    assert error.startswith(f"{name}: ")
    assert error.rstrip().endswith(f"[{code}]")
    assert message in error
    assert advice in error
    assert "Traceback" not in error


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_clear_line(run: Run, tmp_path: Path, name: str) -> None:
    make, code, message, advice = BAD[name]
    (tmp_path / name).write_bytes(make())
    check_refused(run(name), name, code, message, advice)


def test_a_bad_file_is_a_failed_review_in_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cut.pdf").write_bytes(PDF[:200])
    done = run("--format", "json", "cut.pdf")
    assert done.returncode == 3
    assert b'"status": "failed"' in done.stdout
    assert b'"code": "C114"' in done.stdout


def test_200_megabytes_are_refused_before_they_are_read(run: Run, tmp_path: Path) -> None:
    piece = (TEXT * 8_000).encode()[:1_000_000]
    with (tmp_path / "big.txt").open("wb") as stream:
        for _ in range(200):
            stream.write(piece)
    check_refused(run("big.txt"), "big.txt", "C106", "200,000,000 bytes", "Split it")
    (tmp_path / "big.txt").unlink()


def test_more_characters_than_the_limit_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"Vendor shall pay. " * 1_200_000)
    check_refused(run("long.txt"), "long.txt", "C107", "characters", "Split it")


def test_what_is_no_file(run: Run, tmp_path: Path) -> None:
    check_refused(run("rules"), "rules", "C102", "folder", "Name the files")
    check_refused(run("gone.docx"), "gone.docx", "C101", "no such file", "Check the path")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read every file"
)
def test_no_permission(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TEXT)
    (tmp_path / "secret.txt").chmod(0)
    check_refused(run("secret.txt"), "secret.txt", "C103", "permission", "copy it")


GOOD: dict[str, Callable[[], bytes]] = {
    "pdf-named.txt": lambda: PDF,
    "word-named.pdf": lambda: WORD,
    "text-named.docx": TEXT.encode,
    "no-suffix": lambda: WORD,
    "utf-8-mark.txt": lambda: TEXT.encode("utf-8-sig"),
    "utf-16.txt": lambda: TEXT.encode("utf-16"),
    "utf-16-le.txt": lambda: TEXT.encode("utf-16-le"),
    "utf-16-be.txt": lambda: TEXT.encode("utf-16-be"),
    "latin-1.txt": lambda: (TEXT + "3. The Société pays £5 for the café.\n").encode("latin-1"),
    "cr-only.txt": lambda: TEXT.replace("\n", "\r").encode(),
    "nested.docx": lambda: swap_body(
        "".join(f"<w:p><w:r><w:t>{line.replace('&', '')}</w:t></w:r></w:p>"
                for line in TEXT.splitlines()).encode()
        + b"<w:tbl><w:tr><w:tc>" * 60 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 60
    ),
    "outline.txt": lambda: (
        TEXT + "".join(f"3{'.1' * n} Client shall attend.\n" for n in range(300))
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_under_any_name_is_read(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(GOOD[name]())
    done = run(name)
    assert (done.returncode, done.stderr) == (1, b"")
    assert "“Vendor shall carry" in done.stdout.decode("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
def test_a_name_with_control_characters_cannot_act_on_the_terminal(
    run: Run, tmp_path: Path
) -> None:
    for content, code in ((b"", 3), (TEXT.encode(), 1)):
        (tmp_path / "a\x1b[31m\nb\x07.txt").write_bytes(content)
        done = run("a\x1b[31m\nb\x07.txt")
        assert done.returncode == code
        for stream in (done.stdout, done.stderr):
            assert b"\x1b" not in stream
            assert b"\x07" not in stream
        if code == 3:
            assert done.stderr.count(b"\n") == 1


def test_a_batch_reviews_the_good_and_names_the_bad(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(TEXT)
    (tmp_path / "cut.docx").write_bytes(WORD[:900])
    (tmp_path / "blank.txt").write_text(" \n")
    (tmp_path / "two.docx").write_bytes(WORD)
    done = run("one.txt", "cut.docx", "gone.txt", "blank.txt", "two.docx")
    out, errors = done.stdout.decode(), done.stderr.decode().splitlines()
    assert done.returncode == 3
    assert [line.split(":")[0] for line in errors] == ["cut.docx", "gone.txt", "blank.txt"]
    assert [line for line in out.splitlines() if line.startswith("Review of")] == [
        "Review of one.txt", "Review of two.docx",
    ]  # fmt: skip
    assert out.count("RS901 Rule RS901") >= 2


def test_one_line_of_5_megabytes_is_reviewed(run: Run, tmp_path: Path) -> None:
    words = "Vendor shall attend every meeting that Client calls for this purpose. "
    (tmp_path / "line.txt").write_text(TEXT + "3. " + words * (5_000_000 // len(words)))
    done = run("line.txt")
    assert done.returncode == 1
    # It is one endless clause, and the review says that it is.
    assert done.stderr.count(b"\n") == 1
    assert b"[C141]" in done.stderr
    assert len(done.stdout) < 100_000
