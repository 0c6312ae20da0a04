"""Archives in an object store that speaks S3, served on loopback."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from clausecheck.archive.inputs import list_names
from clausecheck.errors import InputError
from tests.archive.archives import ask, contract, dump, run_here
from tests.archive.test_inputs import make_zip

pytest.importorskip("s3fs", reason='needs s3fs: pip install ".[s3]"')
# moto's and botocore's own warnings are none of ours.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    given = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir("archive")
    yield "s3://archive"
    server.stop()
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def upload(store: str, folder: Path, under: str) -> None:
    import s3fs

    system = s3fs.S3FileSystem(use_listings_cache=False)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            system.pipe(f"archive/{under}/{path.relative_to(folder).as_posix()}", path.read_bytes())
    s3fs.S3FileSystem.clear_instance_cache()


def without_paths(out: Path) -> dict[str, object]:
    """Return every row of a dataset but what tells where a file lies."""
    placed = ("files", "present", "documents")
    tables = {name: rows for name, rows in dump(out).items() if name not in placed}
    columns = "SELECT * EXCLUDE (path) FROM documents"
    return {**tables, "documents": sorted(ask(out, columns), key=repr)}


def test_a_bucket_gives_what_a_folder_gives(store: str, folder: Path, tmp_path: Path) -> None:
    (folder / "more.zip").write_bytes(make_zip({"x/y.txt": contract(8).encode()}))
    upload(store, folder, "all")
    tally = run_here(f"{store}/all", out=tmp_path / "s3")
    run_here(folder, out=tmp_path / "local")
    assert (tally.files, tally.documents, tally.failed) == (6, 5, 1)
    assert without_paths(tmp_path / "s3") == without_paths(tmp_path / "local")
    paths = [path for (path,) in ask(tmp_path / "s3", "SELECT path FROM files ORDER BY 1")]
    assert paths[0] == "s3://archive/all/a.txt"
    assert "s3://archive/all/more.zip!/x/y.txt" in paths


def test_what_the_store_marks_as_unchanged_is_not_fetched(
    store: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(store, folder, "again")
    out = tmp_path / "s3"
    run_here(f"{store}/again", out=out)
    before = dump(out)
    fetched = []
    from clausecheck.archive import remote

    fetch = remote.open_remote
    monkeypatch.setattr(remote, "open_remote", lambda name: fetched.append(name) or fetch(name))
    run_here(f"{store}/again", out=out)
    assert fetched == []
    assert dump(out) == before
    (folder / "c.txt").write_text(contract(17))
    upload(store, folder, "again")
    assert run_here(f"{store}/again", out=out).reviewed == 1
    assert [name.rpartition("/")[2] for name in fetched] == ["c.txt"]


def test_patterns_and_single_objects(store: str, folder: Path) -> None:
    upload(store, folder, "some")
    names = [name for name, _ in list_names([f"{store}/some/*.txt"])]
    assert [name.rpartition("/")[2] for name in names] == ["a.txt", "c.txt"]
    assert [n for n, _ in list_names([f"{store}/some/a.txt"])] == [f"{store}/some/a.txt"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("s3://archive/nothing/here", "C101"), ("s3://no-such-bucket/x", "C101"),
        ("nostore://x/y", "C505"),
    ],
)  # fmt: skip
def test_wrong_addresses_are_told(store: str, address: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        list(list_names([address]))
