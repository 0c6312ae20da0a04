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


def _work(listed: str, done: str, folder: str) -> None:
    import uno
    from com.sun.star.beans import PropertyValue

    def option(name: str, value: object) -> object:
        made = PropertyValue()
        made.Name, made.Value = name, value
        return made

    pipe = f"clausecheck{time.time_ns()}"
    office = subprocess.Popen(
        [
            *("soffice", "--headless", "--norestore", "--nologo", "--nodefault"),
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ]
    )
    try:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        context = None
        for _ in range(300):
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                time.sleep(0.2)
        make = context.ServiceManager.createInstanceWithContext
        desktop = make("com.sun.star.frame.Desktop", context)
        dispatcher = make("com.sun.star.frame.DispatchHelper", context)
        texts = []
        target = Path(folder, "out.txt")
        for path, action in json.loads(Path(listed).read_text("utf-8")):
            try:
                hidden = (option("Hidden", True), option("RepairPackage", False))
                document = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, hidden)
            except Exception:
                document = None
            if document is None:
                texts.append(None)
                continue
            if action in _ACTIONS:
                frame = document.CurrentController.Frame
                dispatcher.executeDispatch(frame, _ACTIONS[action], "", 0, ())
            filters = (option("FilterName", "Text (encoded)"), option("FilterOptions", "UTF8,LF"))
            document.storeToURL(target.as_uri(), filters)
            texts.append(target.read_text("utf-8-sig"))
            document.close(True)
        Path(done).write_text(json.dumps(texts), "utf-8")
        desktop.terminate()
    finally:
        try:
            office.wait(30)
        except subprocess.TimeoutExpired:
            office.kill()


if __name__ == "__main__":
    _work(*sys.argv[1:])
