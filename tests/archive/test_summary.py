"""The summary page: its figures, and that nothing in an archive can act on it."""

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from clausecheck.archive.dataset import Dataset
from clausecheck.archive.figures import Summary, gather_summary
from clausecheck.archive.query import connect
from clausecheck.archive.summary import write_summary
from clausecheck.cli import run_command
from clausecheck.report import wording
from tests.archive.archives import contract, run_here

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("summary")
    (root / "in").mkdir()
    for number in range(12):
        text = contract(number, year=2014 + number % 3, more=f"4. Law. {ATTACK} \u202egnp.")
        (root / "in" / f"{number}.txt").write_text(text)
    hostile = contract(20, supplier='"><svg onload=alert(3)> Ltd', more=f"4. {ATTACK}")
    hostile = hostile.replace("MASTER SERVICES", f"{ATTACK} Master Services")
    (root / "in" / "'\"><script>alert(4)<&.txt").write_text(hostile)
    (root / "in" / "bad\x1b[2J<b>.pdf").write_bytes(b"%PDF-1.4 broken")
    (root / "in" / "loan.txt").write_text("LOAN AGREEMENT\n\n" + "The Borrower shall repay. " * 400)
    run_here(root / "in", out=root / "out")
    return root / "out"


@pytest.fixture(scope="module")
def figures(out: Path) -> Summary:
    with connect(Dataset.open(out)) as connection:
        return gather_summary(connection, 100)


@pytest.fixture(scope="module")
def page(figures: Summary) -> str:
    return write_summary(figures, folder="DIR", versions="clausecheck 0")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_figures(figures: Summary) -> None:
    assert figures.counts["files"] == 15
    assert figures.counts["failed"] == 1
    assert figures.counts["outside"] == 1
    [by_type] = figures.heats
    assert dict(by_type.columns)["services"] == 13
    row = next(row for row in by_type.rows if row.code == "WL201")
    assert row.shares[[name for name, _ in by_type.columns].index("services")] == 100
    assert [heat.title for heat in figures.year_heats] == [
        "By year: all contracts", "By year: services",
    ]  # fmt: skip
    assert [name for name, _ in figures.year_heats[0].columns] == ["2014", "2015", "2016"]
    assert (
        sum(figures.balance)
        == sum(figures.balance_counts.values()) - (figures.balance_counts["none"])
    )
    assert len(figures.foundations) == 10
    points = [item.points for item in figures.ranked]
    assert points == sorted(points, reverse=True)
    assert all(item.reasons and item.words for item in figures.ranked)
    assert figures.reasons[0][2] == 1


def test_the_page_is_whole_and_harmless(page: str) -> None:
    assert page.isascii()
    tags = Tags()
    tags.feed(page)
    assert tags.seen.isdisjoint({"script", "img", "iframe", "object", "link", "form"})
    assert not any(name.startswith("on") for name in tags.attributes)
    assert "style" not in tags.attributes
    assert "&lt;script&gt;alert(4)" in page
    assert "\x1b" not in page
    assert "bad&lt;U+001B&gt;[2J&lt;b&gt;.pdf" in page
    assert wording.CAVEAT[:40] in page
    for word in ("illegal", "unfair", "you should sign", "proven"):
        assert word not in page.replace(wording.CAVEAT, "").lower()


def test_equal_datasets_give_equal_pages(out: Path, page: str) -> None:
    with connect(Dataset.open(out)) as connection:
        again = gather_summary(connection, 100)
    assert write_summary(again, folder="DIR", versions="clausecheck 0") == page


def test_an_archive_without_findings_has_a_page(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    run_here(tmp_path / "in", out=tmp_path / "out")
    with connect(Dataset.open(tmp_path / "out")) as connection:
        page = write_summary(gather_summary(connection, 5), folder="DIR", versions="x")
    assert "No contract could be ranked" in page


def test_the_commands(out: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "my page.html"
    command = ["archive", "summary", str(out), "-o", str(target), "--top", "3", "--reports", "2"]
    assert run_command(command) == 0
    text = target.read_text()
    reports = sorted((tmp_path / "my page-reports").iterdir())
    assert len(reports) == 2
    assert all(f'href="./my%20page-reports/{report.name}"' in text for report in reports)
    assert "Content-Security-Policy" in reports[0].read_text()
    single = tmp_path / "one.html"
    assert run_command(["archive", "report", str(out), "in/3.txt", "-o", str(single)]) == 0
    assert "Review of" in single.read_text()
    assert run_command(["archive", "report", str(out), "nothing.txt", "-o", str(single)]) == 2
    assert "No document fits 'nothing.txt'" in capfd.readouterr().err


def test_a_document_that_went_is_told(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run_here(folder, out=tmp_path / "out")
    (folder / "c.txt").write_text("other words")
    page = str(tmp_path / "x.html")
    assert run_command(["archive", "report", str(tmp_path / "out"), "c.txt", "-o", page]) == 2
    assert "holds something else by now" in capfd.readouterr().err


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium (apt-get install chromium)")
@pytest.mark.parametrize("width", [390, 1300])
def test_the_page_in_a_browser(browser: Any, page: str, tmp_path: Path, width: int) -> None:
    (tmp_path / "page.html").write_text(page)
    tab = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    tab.on("dialog", lambda dialog: said.append(dialog.message))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("request", lambda r: said.append(r.url) if not r.url.startswith("file:") else None)
    tab.goto((tmp_path / "page.html").as_uri())
    assert said == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator(".ranked > li").count() == 13
    tab.close()
