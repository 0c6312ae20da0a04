"""A run from inputs to the dataset: what is reviewed, what is left out, what is told."""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from clausecheck.archive import run as running
from clausecheck.archive import store
from clausecheck.archive.inputs import Found
from clausecheck.archive.jobs import Job, Outcome
from clausecheck.archive.store import PartStore, list_parts, lock_folder
from clausecheck.errors import ArchiveError, InputError
from clausecheck.pipeline import Checker
from clausecheck.settings import Settings
from tests.archive.archives import ask, contract, dump, here, run_here


def test_a_run_lists_files_and_reviews_each_content_once(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    tally = run_here(folder, out=out)
    assert (tally.files, tally.documents, tally.reviewed) == (5, 4, 4)
    assert (tally.failed, tally.partial, tally.unreadable, tally.unchecked) == (1, 0, 0, 1)
    [(path, copies, group_size)] = ask(
        out, "SELECT path, copies, group_size FROM documents WHERE copies > 1"
    )
    assert path.endswith("in/a.txt")
    assert copies == 2
    # They differ in the date alone, which near copies may; the one by Cumulus is of another year.
    assert group_size >= 2
    [(code, outcome)] = ask(out, "SELECT code, outcome FROM problems")
    assert (code[0], outcome) == ("C", "failed")


def test_findings_are_those_of_a_review_by_itself(folder: Path, tmp_path: Path) -> None:
    run_here(folder, out=tmp_path / "out")
    review = Checker().check(folder / "c.txt")
    stored = ask(
        tmp_path / "out",
        'SELECT code, f.start, f."end", burden, party, severity, confidence, quotation '
        "FROM findings f JOIN documents d USING (document) WHERE d.path LIKE '%/c.txt' "
        "AND band = 'finding' ORDER BY number",
    )
    text = review.document.text
    assert stored
    assert stored == [
        (f.code, f.start, f.end, f.burden, f.party, f.severity, f.confidence, text[f.start : f.end])
        for f in sorted(review.findings, key=lambda f: (f.start, f.end, f.code))
    ]
    for table, count in (("clauses", len(review.clauses)), ("foundations", 10)):
        [(rows,)] = ask(
            tmp_path / "out",
            f"SELECT count(*) FROM {table} SEMI JOIN (SELECT document FROM files "
            "WHERE path LIKE '%/c.txt') USING (document)",
        )
        assert rows == count


def test_facts_of_the_contract(folder: Path, tmp_path: Path) -> None:
    run_here(folder, out=tmp_path / "out")
    [row] = ask(
        tmp_path / "out",
        "SELECT title, contract_type, effective_date::text, year, customer, supplier, parties "
        "FROM documents WHERE path LIKE '%b.txt'",
    )
    assert row == (
        "MASTER SERVICES AGREEMENT", "services", "2018-03-03", 2018, "Acme Stores Ltd",
        "Cumulus GmbH", ["Acme Stores Ltd", "Cumulus GmbH"],
    )  # fmt: skip


def forbid(found: Iterable[Found], job: Job, known: set[bytes]) -> Iterator[Outcome]:
    for outcome in here(found, job, known):
        assert outcome.rows is None
        yield outcome


def test_a_second_run_reviews_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_here(folder, out=out)
    before = dump(out)
    tally = run_here(folder, out=out, engine=forbid)
    assert (tally.reviewed, tally.documents, tally.failed) == (0, 4, 1)
    assert dump(out) == before


def test_moved_new_and_deleted_files(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_here(folder, out=out)
    (folder / "a.txt").rename(folder / "moved.txt")
    (folder / "old" / "copy of a.txt").unlink()
    (folder / "broken.pdf").unlink()
    (folder / "new.txt").write_text(contract(9, customer="Delta plc"))
    tally = run_here(folder, out=out)
    assert (tally.reviewed, tally.documents, tally.failed) == (1, 4, 0)
    assert ask(out, "SELECT count(*) FROM problems") == [(0,)]
    paths = [path.rpartition("/")[2] for (path,) in ask(out, "SELECT path FROM documents")]
    assert sorted(paths) == ["b.txt", "c.txt", "moved.txt", "new.txt"]
    fresh = tmp_path / "fresh"
    run_here(folder, out=fresh)
    assert dump(out) == dump(fresh)


def test_other_settings_review_again_and_old_reviews_go(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_here(folder, out=out)
    for expected, settings in ((4, Settings(min_severity=4)), (4, Settings(select=("RS",)))):
        assert run_here(folder, out=out, settings=settings).reviewed == expected
    assert {code[:2] for (code,) in ask(out, "SELECT code FROM findings")} == {"RS"}
    # The present edition and that of the run before it.
    assert len(list((out / "reviews").iterdir())) == 2
    assert run_here(folder, out=out, settings=Settings(password="x")).reviewed == 4
    assert run_here(folder, out=out, settings=Settings(password="y")).reviewed == 0


def test_failures_are_kept_until_they_are_to_be_tried_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_here(folder, out=out)
    before = dump(out)
    seen = []

    def count(found: Iterable[Found], job: Job, known: set[bytes]) -> Iterator[Outcome]:
        for outcome in here(found, job, known):
            seen.extend([outcome.listed[1]] if outcome.rows else [])
            yield outcome

    run_here(folder, out=out, engine=count)
    assert seen == []
    run_here(folder, out=out, engine=count, retry_failed=True)
    assert len(seen) == 1
    assert dump(out) == before


@pytest.mark.parametrize("after", [0, 1, 3])
def test_an_interrupted_run_keeps_what_is_done(folder: Path, tmp_path: Path, after: int) -> None:
    out = tmp_path / "out"

    def stop(found: Iterable[Found], job: Job, known: set[bytes]) -> Iterator[Outcome]:
        number = 0
        for outcome in here(found, job, known):
            if outcome.rows and number == after:
                raise KeyboardInterrupt
            number += bool(outcome.rows)
            yield outcome

    with pytest.raises(KeyboardInterrupt):
        run_here(folder, out=out, engine=stop)
    if after:
        assert ask(out, "SELECT count(*) FROM documents") == [(after,)]
    else:
        with pytest.raises(ArchiveError, match="C514"):
            ask(out, "FROM documents")
    assert run_here(folder, out=out).reviewed == 4 - after
    run_here(folder, out=tmp_path / "fresh")
    assert dump(out) == dump(tmp_path / "fresh")


def test_a_file_that_cannot_be_read_is_told_and_read_next_time(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "late.txt")
    tally = run_here(tmp_path / "in", out=tmp_path / "out")
    assert (tally.files, tally.documents, tally.unreadable, tally.unchecked) == (1, 0, 1, 1)
    [(path, code)] = ask(tmp_path / "out", "SELECT path, code FROM unchecked")
    assert (path.rpartition("/")[2], code) == ("b.txt", "C101")
    (tmp_path / "late.txt").write_text(contract())
    assert run_here(tmp_path / "in", out=tmp_path / "out").unchecked == 0
    assert ask(tmp_path / "out", "FROM unchecked") == []


def test_a_full_disk_loses_only_what_was_not_published(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, written = tmp_path / "out", []
    monkeypatch.setattr(running, "_PART_DOCUMENTS", 1)
    write = store.write_table

    def fill(path: Path, *rest: object) -> None:
        written.append(path)
        if len(written) == 8:
            path.write_bytes(b"half")
            raise OSError(28, "No space left on device")
        write(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "write_table", fill)
    with pytest.raises(OSError, match="No space left"):
        run_here(folder, out=out)
    assert ask(out, "SELECT count(*) FROM documents") == [(1,)]
    assert list((out / ".drafts").iterdir()) == []
    monkeypatch.setattr(store, "write_table", write)
    assert run_here(folder, out=out).reviewed == 3
    run_here(folder, out=tmp_path / "fresh")
    assert dump(out) == dump(tmp_path / "fresh")


def test_two_runs_do_not_write_at_once(folder: Path, tmp_path: Path) -> None:
    run_here(folder, out=tmp_path / "out")
    with lock_folder(tmp_path / "out"), pytest.raises(ArchiveError, match="C510"):
        run_here(folder, out=tmp_path / "out")


def test_a_strange_folder_is_left_alone(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="C511"):
        run_here(tmp_path, out=folder)
    assert not (folder / "reviews").exists()
    with pytest.raises(InputError, match="C101"):
        run_here(tmp_path / "missing", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_newer_dataset_is_refused(folder: Path, tmp_path: Path) -> None:
    run_here(folder, out=tmp_path / "out")
    mark = tmp_path / "out" / "archive.json"
    mark.write_text(json.dumps({**json.loads(mark.read_text()), "schema": 99}))
    with pytest.raises(ArchiveError, match="version 99"):
        ask(tmp_path / "out", "FROM documents")


def test_the_dataset_is_for_its_owner_alone(folder: Path, tmp_path: Path) -> None:
    run_here(folder, out=tmp_path / "out")
    for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def fill_store(root: Path, count: int) -> PartStore:
    made = PartStore(root / "parts", root / "drafts")
    for number in range(count):
        rows = {name: [] for name in store.TABLES}
        values = {"document": f"{number:064}", "status": "complete" if number % 3 else "failed"}
        rows["documents"] = [tuple(values.get(c.name) for c in store.TABLES["documents"])]
        made.append(rows)  # type: ignore[arg-type]
    return made


def held(made: PartStore) -> list[int]:
    tables = made.documents(["document"])
    return sorted(int(name) for table in tables for name in table["document"].to_pylist())


def test_parts_are_merged_and_nothing_is_lost(tmp_path: Path) -> None:
    made = fill_store(tmp_path, 40)
    assert held(made) == list(range(40))
    spans = [(part.first, part.last) for part in list_parts(tmp_path / "parts")]
    assert spans == [(1, 16), (17, 32), *((n, n) for n in range(33, 41))]


def test_what_a_crash_in_a_merge_leaves_counts_once(tmp_path: Path) -> None:
    made = fill_store(tmp_path, 15)
    old = tmp_path / "old"
    shutil.copytree(tmp_path / "parts", old)
    fill_store(tmp_path, 1)
    for part in old.iterdir():
        shutil.copytree(part, tmp_path / "parts" / part.name, dirs_exist_ok=True)
    assert [(p.first, p.last) for p in list_parts(tmp_path / "parts")] == [(1, 16)]
    again = PartStore(tmp_path / "parts", tmp_path / "drafts")
    assert len(list((tmp_path / "parts").iterdir())) == 1
    assert len(held(again)) == len(held(made)) == 16


def test_documents_are_forgotten(tmp_path: Path) -> None:
    made = fill_store(tmp_path, 20)
    made.forget({f"{number:064}" for number in (0, 3, 18)})
    assert held(made) == [n for n in range(20) if n not in (0, 3, 18)]
    made.forget({f"{1:064}"})
    assert held(PartStore(tmp_path / "parts", tmp_path / "drafts"))[0] == 2
