"""Drive LibreOffice: open files, accept or reject all changes, write the text. No clausecheck here.

In: jobs (path of a Word file, "accept", "reject" or "open"). Out: the text that LibreOffice then
writes, or ``None`` for a file that it does not open as it is. Works with the interpreter that has
LibreOffice's ``uno`` module, which is the system's own on Debian.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_TRIES = 3
_SYSTEM_PYTHON = "/usr/bin/python3"
_ACTIONS = {"accept": ".uno:AcceptAllTrackedChanges", "reject": ".uno:RejectAllTrackedChanges"}
Job = tuple[str, str]


def run_jobs(jobs: Sequence[Job], *, timeout: float = 3600) -> list[str | None]:
    """Return the text of each job, in order; ``None`` where LibreOffice refuses the file."""
    with tempfile.TemporaryDirectory() as folder:
        listed, done = Path(folder, "jobs.json"), Path(folder, "done.json")
        listed.write_text(json.dumps(list(jobs)), "utf-8")
        command = [_SYSTEM_PYTHON, __file__, str(listed), str(done), folder]
        subprocess.run(command, check=True, timeout=timeout)
        texts: list[str | None] = json.loads(done.read_text("utf-8"))
        return texts


def convert_files(
    paths: Sequence[Path], folder: Path, *, kind: str = "txt:Text", timeout: float = 3600
) -> list[bool]:
    """Tell for each file whether LibreOffice opens it as it is and writes it anew to ``folder``.

    ``kind`` is what it writes: its text, or ``pdf``. This needs no window, which LibreOffice
    without a screen lacks for comments.
    """
    ending = kind.partition(":")[0]
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
    opened = dict.fromkeys(paths, False)
    waiting = list(paths)
    while waiting:
        subprocess.run(
            [*command, kind, "--outdir", str(folder), *map(str, waiting)],
            check=False, timeout=timeout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        left = [path for path in waiting if not (folder / f"{path.stem}.{ending}").exists()]
        opened |= {path: path not in left for path in waiting}
        # It ends at a file that it cannot bear: that one is refused, and the rest has its turn.
        waiting = left[1:] if len(left) > 1 else []
    return [opened[path] for path in paths]


def _work(listed: str, done: str, folder: str) -> None:
    jobs = json.loads(Path(listed).read_text("utf-8"))
    texts: list[str | None] = []
    office, starts, tries = None, 0, 0
    while len(texts) < len(jobs):
        if office is None:
            office = _Office(folder, starts)
            starts += 1
        try:
            texts.append(office.read(*jobs[len(texts)]))
            tries = 0
        except Exception as error:
            # LibreOffice without a screen ends by itself now and then, whatever the file: a file
            # is refused when it does so thrice in a row.
            print(f"LibreOffice began anew: {type(error).__name__}", file=sys.stderr)
            tries += 1
            if tries == _TRIES:
                texts.append(None)
                tries = 0
            office.stop()
            office = None
    if office is not None:
        office.stop()
    Path(done).write_text(json.dumps(texts), "utf-8")


class _Office:
    """One running LibreOffice."""

    def __init__(self, folder: str, number: int) -> None:
        import uno
        from com.sun.star.beans import PropertyValue
        from com.sun.star.lang import IllegalArgumentException
        from com.sun.star.task import ErrorCodeIOException

        self._refused = (IllegalArgumentException, ErrorCodeIOException)
        self._value = PropertyValue
        self._target = Path(folder, "out.txt")
        profile = Path(folder, f"profile{number}")
        pipe = f"clausecheck{time.time_ns()}"
        self._process = subprocess.Popen(
            [
                *("soffice", "--headless", "--norestore", "--nologo", "--nodefault"),
                f"-env:UserInstallation={profile.as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stderr=subprocess.DEVNULL,
        )
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        context = None
        for _ in range(600):
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                time.sleep(0.2)
        make = context.ServiceManager.createInstanceWithContext
        self._desktop = make("com.sun.star.frame.Desktop", context)
        self._dispatcher = make("com.sun.star.frame.DispatchHelper", context)

    def read(self, path: str, action: str) -> str | None:
        """Return the text of one file after ``action``; ``None`` if it does not open."""
        hidden = (self._option("Hidden", True), self._option("RepairPackage", False))
        try:
            url = Path(path).as_uri()
            document = self._desktop.loadComponentFromURL(url, "_blank", 0, hidden)
        except self._refused:
            return None
        if document is None:
            return None
        if action in _ACTIONS:
            frame = document.CurrentController.Frame
            frame.LayoutManager.setVisible(False)
            self._dispatcher.executeDispatch(frame, _ACTIONS[action], "", 0, ())
        filters = (
            self._option("FilterName", "Text (encoded)"),
            self._option("FilterOptions", "UTF8,LF"),
        )
        document.storeToURL(self._target.as_uri(), filters)
        document.close(True)
        return self._target.read_text("utf-8-sig")

    def stop(self) -> None:
        """End the program; asked to end by itself, it may hang."""
        self._process.terminate()
        self._process.wait()

    def _option(self, name: str, value: object) -> object:
        made = self._value()
        made.Name, made.Value = name, value
        return made


if __name__ == "__main__":
    _work(*sys.argv[1:])
