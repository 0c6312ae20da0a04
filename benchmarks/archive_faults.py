"""Kill archive runs at random, fill the disk, take permissions away: nothing lost, nothing twice.

In: nothing but the project (Linux, as root for the full disk and the permissions). Out: Markdown;
``python -m benchmarks.archive_faults [--kills 200] [--write]``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.archive_inputs import SAMPLE, make_archive, rename
from benchmarks.blocks import format_table, replace_block
from clausecheck.archive.dataset import Dataset
from clausecheck.archive.query import connect

# Small parts and early merges, so that many kills fall into writing and merging.
_CHILD = (
    "from clausecheck.archive import run, store\n"
    "run._PART_DOCUMENTS, store._FAN = 3, 4\n"
    "import sys\n"
    "from clausecheck.cli import main\n"
    "main(sys.argv[1:])\n"
)
_TABLES = ("documents", "clauses", "findings", "foundations", "problems", "files", "present")
_BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def command(inputs: Path, out: Path) -> list[str]:
    """Return the command line of a run."""
    given = ["archive", "run", str(inputs), "--out", str(out), "--workers", "2", "-q"]
    return [sys.executable, "-W", "ignore", "-c", _CHILD, *given]


def run(inputs: Path, out: Path, *, bound: bool = False) -> subprocess.CompletedProcess[str]:
    """Run an archive to its end; ``bound`` by permissions as a user is who is not root."""
    line = [*_BOUND, *command(inputs, out)] if bound else command(inputs, out)
    return subprocess.run(line, capture_output=True, text=True)


def dump(out: Path) -> dict[str, list[str]]:
    """Return every row of a dataset, sorted."""
    with connect(Dataset.open(out)) as connection:
        return {t: sorted(map(repr, connection.sql(f"FROM {t}").fetchall())) for t in _TABLES}


def find_twice(out: Path) -> int:
    """Return how many documents stand more than once in what is published."""
    dataset = Dataset(out)
    seen: Counter[str] = Counter()
    for edition in dataset.reviews.iterdir() if dataset.reviews.is_dir() else ():
        import pyarrow.parquet as pq

        from clausecheck.archive.store import list_parts

        for part in list_parts(edition):
            table = pq.read_table(part.folder / "documents.parquet", columns=["document"])
            seen.update(table["document"].to_pylist())
    return sum(count > 1 for count in seen.values())


def workers_of(pid: int) -> list[int]:
    """Return the worker processes of a run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[1] == str(pid):
                line = (stat.parent / "cmdline").read_bytes()
                found += [int(stat.parent.name)] if b"spawn_main" in line else []
    return found


def kill_at_random(inputs: Path, out: Path, kills: int, seconds: float, expected: Any) -> Counter:
    """Kill main and worker processes in turn; check the dataset after every run that ends."""
    chance, told = random.Random(7), Counter[str]()
    while told["main"] + told["worker"] < kills:
        process = subprocess.Popen(command(inputs, out), stderr=subprocess.PIPE)
        began = time.monotonic()
        while process.poll() is None and told["main"] + told["worker"] < kills:
            time.sleep(chance.uniform(0.1, 0.6 * seconds))
            if process.poll() is not None:
                break
            if chance.random() < 0.5:
                told["main"] += 1
                process.kill()
                break
            known = workers_of(process.pid)
            if known:
                told["worker"] += 1
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(known), signal.SIGKILL)
        code = process.wait()
        told["seconds"] += round(time.monotonic() - began)
        told["twice"] += find_twice(out)
        if code == 3:  # the broken file is told in the end
            told["finished"] += 1
            told["different"] += dump(out) != expected
            shutil.rmtree(out)
        elif code != -signal.SIGKILL:
            told["other exits"] += 1
        time.sleep(0.2)
    run(inputs, out)
    told["finished"] += 1
    told["different"] += dump(out) != expected
    return told


def fill_disk(inputs: Path, work: Path, expected: Any) -> list[tuple[str, str]]:
    """Run into disks of several small sizes, then make room and run again."""
    rows = []
    for size in ("60k", "100k", "160k", "240k"):
        disk = work / f"disk-{size}"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk], check=True)
        try:
            first = run(inputs, disk / "out")
            kept = 0
            drafts = list((disk / "out" / ".drafts").glob("*"))
            with contextlib.suppress(Exception), connect(Dataset.open(disk / "out")) as found:
                kept = found.sql("SELECT count(*) FROM documents").fetchall()[0][0]
            subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
            second = run(inputs, disk / "out")
            same = dump(disk / "out") == expected
            told = "one line" if first.stderr.count("\n") == 1 else first.stderr[:200]
            rows.append(
                (f"disk of {size}", f"exit {first.returncode}, {told}, {kept} documents kept, "
                 f"{len(drafts)} drafts left; then exit {second.returncode}, "
                 f"{'the same rows' if same else '**other rows**'}")
            )  # fmt: skip
        finally:
            subprocess.run(["umount", disk], check=True)
    return rows


def take_permissions(inputs: Path, work: Path, expected: Any) -> list[tuple[str, str]]:
    """Run without root's power over permissions: a file not to be read, a folder not to write."""
    rows = []
    out = work / "bound"
    out.mkdir()
    locked = sorted(inputs.rglob("*.txt"))[5]
    locked.chmod(0)
    first = run(inputs, out / "out", bound=True)
    with connect(Dataset.open(out / "out")) as found:
        codes = found.sql("SELECT code FROM files WHERE document IS NULL").fetchall()
    locked.chmod(0o644)
    second = run(inputs, out / "out", bound=True)
    same = dump(out / "out") == expected
    rows.append(
        ("a file that may not be read", f"exit {first.returncode}, told as {codes}; then exit "
         f"{second.returncode}, {'the same rows' if same else '**other rows**'}")
    )  # fmt: skip
    sealed = work / "sealed"
    sealed.mkdir()
    sealed.chmod(0o555)
    third = run(inputs, sealed / "out", bound=True)
    told = "one line" if third.stderr.count("\n") == 1 else third.stderr[:300]
    rows.append(("a folder that may not be written", f"exit {third.returncode}, {told}"))
    return rows


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="replace the block in README.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        work.chmod(0o755)
        inputs = work / "in"
        make_archive(inputs, 60, [(SAMPLE, ["Acme Stores Ltd", "Borealis Ltd"])])
        (inputs / "copy.txt").write_text(rename(SAMPLE, ["Acme Stores Ltd", "Borealis Ltd"], 3))
        (inputs / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
        began = time.monotonic()
        run(inputs, work / "whole")
        seconds = time.monotonic() - began
        expected = dump(work / "whole")
        told = kill_at_random(inputs, work / "out", given.kills, seconds, expected)
        rows = [
            ("kill -9 of the main process", f"{told['main']}"),
            ("kill -9 of a worker", f"{told['worker']}"),
            ("runs that came to their end", f"{told['finished']}"),
            ("of these with other rows than an undisturbed run", f"{told['different']}"),
            ("documents published twice, after any kill", f"{told['twice']}"),
            ("runs that ended in any other way", f"{told['other exits']}"),
        ]
        if os.geteuid() == 0:
            rows += fill_disk(inputs, work, expected)
            rows += take_permissions(inputs, work, expected)
        body = format_table(("fault", "outcome"), rows)
        body = f"62 files, 61 different documents; a whole run takes {seconds:.0f} s.\n\n{body}"
        print(body)
        if given.write:
            replace_block("archive faults", body)


if __name__ == "__main__":
    main()
