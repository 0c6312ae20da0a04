"""Which files an input holds, and how they are read."""

import io
import os
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from clausecheck.archive.inputs import Choice, Entry, count_files, list_names, read_entries
from clausecheck.errors import InputError

MOST = 1_000_000


def read(*inputs: Path | str, choice: Choice | None = None, most: int = MOST) -> list[Entry]:
    names = list_names([str(name) for name in inputs])
    return [entry for name, _ in names for entry in read_entries(name, choice or Choice(), most)]


def tails(entries: list[Entry], root: Path) -> list[str]:
    return [entry.path.removeprefix(root.as_posix() + "/") for entry in entries]


def make_zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return buffer.getvalue()


def make_tar(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as package:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            package.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def make_mail(files: dict[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Contracts"
    mail.set_content("Please find attached. <b>Supplier shall pay.</b>")
    for name, data in files.items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    mail.add_attachment(b"logo", maintype="image", subtype="png", filename="logo.png",
                        disposition="inline")  # fmt: skip
    return mail.as_bytes()


def test_a_folder_is_walked_in_order_without_litter(folder: Path) -> None:
    assert tails(read(folder), folder) == [
        "a.txt", "broken.pdf", "c.txt", "old/b.txt", "old/copy of a.txt",
    ]  # fmt: skip


def test_patterns_choose(folder: Path) -> None:
    choice = Choice(include=("*.txt",), exclude=("*/old/*",))
    assert tails(read(folder, choice=choice), folder) == ["a.txt", "c.txt"]
    assert tails(read(str(folder / "**" / "b*.txt")), folder) == ["old/b.txt"]


def test_a_name_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="C101"):
        list(list_names([str(tmp_path / "no*.txt")]))


def test_zip_tar_and_mail_inside_each_other(tmp_path: Path) -> None:
    mail = make_mail({"x.txt": b"one", "y.zip": make_zip({"deep/z.txt": b"two"})})
    outer = {"m.eml": mail, "t.tgz": make_tar({"./k.txt": b"three"}), "plain.txt": b"four"}
    (tmp_path / "all.zip").write_bytes(make_zip(outer))
    (tmp_path / "t.tar").write_bytes(make_tar({"in.txt": b"five"}, "w"))
    found = {path: entry.data for path, entry in zip(
        tails(read(tmp_path), tmp_path), read(tmp_path), strict=True)}  # fmt: skip
    assert found == {
        "all.zip!/m.eml!/x.txt": b"one",
        "all.zip!/m.eml!/y.zip!/deep/z.txt": b"two",
        "all.zip!/t.tgz!/k.txt": b"three",
        "all.zip!/plain.txt": b"four",
        "t.tar!/in.txt": b"five",
    }


def test_files_are_counted_where_that_is_cheap(folder: Path) -> None:
    assert count_files([str(folder / "a.txt")]) == 1
    (folder / "z.zip").write_bytes(make_zip({"a": b"", "b": b""}))
    assert count_files([str(folder / "z.zip")]) == 2
    (folder / "t.tar").write_bytes(make_tar({"a": b""}))
    assert count_files([str(folder)]) is None


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz", "a.msg"])
def test_a_damaged_archive_is_one_problem(tmp_path: Path, name: str) -> None:
    data = bytes.fromhex("D0CF11E0A1B11AE1") if name == "a.msg" else b"PK nothing"
    (tmp_path / name).write_bytes(data + bytes(600))
    (tmp_path / "b.txt").write_bytes(b"x")
    broken, fine = read(tmp_path)
    assert broken.data is None
    assert broken.problem is not None
    assert broken.problem.code == "C501"
    assert fine.data == b"x"


def test_a_cut_tar_gives_what_it_holds_and_says_so(tmp_path: Path) -> None:
    whole = make_tar({"a.txt": b"a" * 2000, "b.txt": os.urandom(50_000)})
    (tmp_path / "t.tgz").write_bytes(whole[: len(whole) // 2])
    first, *rest = read(tmp_path)
    assert first.data == b"a" * 2000
    assert rest[-1].problem is not None


def test_a_locked_member_and_a_large_one_are_problems(tmp_path: Path) -> None:
    data = bytearray(make_zip({"locked.txt": b"x", "large.txt": b"y" * 200}))
    # Bit 0 of the flags, in the local head and in the directory.
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(data))
    locked, large = read(tmp_path, most=100)
    assert locked.problem is not None
    assert locked.problem.code == "C503"
    assert large.problem is not None
    assert large.problem.code == "C106"


def test_archives_are_opened_only_so_deep(tmp_path: Path) -> None:
    data = make_zip({"a.txt": b"x"})
    for _ in range(6):
        data = make_zip({"inner.zip": data})
    (tmp_path / "a.zip").write_bytes(data)
    [entry] = read(tmp_path)
    assert entry.problem is not None
    assert entry.problem.code == "C502"


def test_an_office_file_named_zip_is_a_document(tmp_path: Path) -> None:
    (tmp_path / "draft.zip").write_bytes(make_zip({"[Content_Types].xml": b"<x/>"}))
    [entry] = read(tmp_path)
    assert entry.path.endswith("draft.zip")
    assert entry.data is not None


def test_names_inside_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(make_zip({"../../etc/passwd": b"x", "/abs.txt": b"y"}))
    assert [entry.path.partition("!/")[2] for entry in read(tmp_path)] == [
        "../../etc/passwd", "/abs.txt",
    ]  # fmt: skip


def test_what_is_no_file_is_a_problem(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    codes = [entry.problem.code for entry in read(tmp_path) if entry.problem]
    assert codes == ["C101", "C103"]
