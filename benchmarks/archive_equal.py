"""Hold archive runs against reviews one by one: a folder, a zip file, an S3 store, every finding.

In: a folder of real contracts. Out: Markdown; ``python -m benchmarks.archive_equal DIR [--write]``.
The store is a moto server on loopback.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from hashlib import sha256
from pathlib import Path

from benchmarks.blocks import format_table, replace_block
from clausecheck import Checker
from clausecheck.archive.dataset import Dataset
from clausecheck.archive.query import connect
from clausecheck.errors import ClausecheckError

Row = tuple[object, ...]


def review_each(folder: Path) -> tuple[set[str], set[Row], int]:
    """Return the documents, findings and failures of reviews one by one."""
    checker, documents, found, failed = Checker(), set(), set(), 0
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        name = sha256(data).hexdigest()
        if name in documents:
            continue
        documents.add(name)
        try:
            review = checker.check(path)
        except ClausecheckError:
            failed += 1
            continue
        text = review.document.text
        for finding in (*review.findings, *review.worth_a_look):
            place = (name, finding.band, finding.code, finding.clause, finding.start, finding.end)
            words = (finding.burden, finding.party, finding.severity, finding.confidence)
            found.add((*place, *words, text[finding.start : finding.end]))
    return documents, found, failed


def read_dataset(out: Path) -> tuple[set[str], set[Row], int]:
    """Return the same from a dataset."""
    with connect(Dataset.open(out)) as connection:
        documents = connection.sql("SELECT document, status FROM documents").fetchall()
        found = connection.sql(
            'SELECT document, band, code, clause, start, "end", burden, party, severity,'
            " confidence, quotation FROM findings"
        ).fetchall()
    failed = sum(status == "failed" for _, status in documents)
    return {name for name, _ in documents}, set(found), failed


def run(given: str, out: Path, *options: str) -> float:
    """Run an archive by the command line; return the seconds."""
    command = [sys.executable, "-m", "clausecheck", "archive", "run", given, "--out", str(out)]
    began = time.perf_counter()
    done = subprocess.run([*command, *options, "-q"])
    if done.returncode not in (0, 3):
        raise SystemExit(f"{given}: exit {done.returncode}")
    return time.perf_counter() - began


def serve(folder: Path) -> object:
    """Start a store on loopback that holds the folder, and point the environment to it."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    import s3fs

    system = s3fs.S3FileSystem()
    system.mkdir("contracts")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            system.pipe(f"contracts/{path.relative_to(folder).as_posix()}", path.read_bytes())
    return server


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="folder of contracts")
    parser.add_argument("--dataset", help="a dataset of the folder that was made before")
    parser.add_argument("--ray", action="store_true", help="run the folder on Ray as well")
    parser.add_argument("--write", action="store_true", help="replace the block in README.md")
    given = parser.parse_args()
    folder = Path(given.folder)
    expected = review_each(folder)
    rows = [("one by one", len(expected[0]), len(expected[1]), expected[2], "")]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        with zipfile.ZipFile(work / "all.zip", "w") as package:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    package.write(path, path.relative_to(folder))
        serve(folder)
        if not given.dataset:
            run(str(folder), work / "folder")
        run(str(work / "all.zip"), work / "zip")
        run("s3://contracts", work / "s3")
        outs = {"a folder": Path(given.dataset or work / "folder"), "a zip file": work / "zip",
                "an S3 store": work / "s3"}  # fmt: skip
        if given.ray:
            run(str(folder), work / "ray", "--engine", "ray", "--workers", "2")
            outs["a folder, on Ray"] = work / "ray"
        for told, out in outs.items():
            found = read_dataset(out)
            same = "the same" if found == expected else f"**{len(found[1] ^ expected[1])} differ**"
            rows.append((told, len(found[0]), len(found[1]), found[2], same))
    table = format_table(
        ("contracts as", "documents", "findings", "not checked", "against one by one"),
        [(row[0], *(f"{value:,}" for value in row[1:4]), str(row[4])) for row in rows],
    )
    print(table)
    if given.write:
        replace_block("archive equal", table)


if __name__ == "__main__":
    main()
