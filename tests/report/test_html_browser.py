"""The HTML page in a real browser: what it shows, does, prints, and refuses to do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.drafts import apply_steps, load_edits
from clausecheck import check, check_many, compare
from clausecheck.records import (
    Clause,
    Comparison,
    Document,
    Finding,
    Party,
    Review,
    Suggestion,
)
from clausecheck.report import ReportOptions
from clausecheck.report.html import write_page
from clausecheck.report.html.comparison import write_comparison_page
from tests.report.conftest import make_review

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright for Python")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium (apt-get install chromium)")
SAMPLES = Path(__file__).resolve().parents[2] / "corpora" / "samples"
OUTSIDE = "http://127.0.0.1:9/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def reviews() -> dict[str, Review]:
    return {p.name: check(p) for p in sorted(SAMPLES.glob("*.docx"))}


@pytest.fixture(scope="module")
def pages(reviews: dict[str, Review], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    drawn: dict[str, tuple[list[Review], ReportOptions]] = {
        name.partition("-")[0]: ([review], ReportOptions()) for name, review in reviews.items()
    }
    small = make_review()
    drawn["several"] = ([small, small, *check_many([b""])], ReportOptions(why=True))
    drawn["shareable"] = ([small], ReportOptions(edition="shareable"))
    drawn["failed"] = (list(check_many([b""])), ReportOptions())
    for name, (some, options) in drawn.items():
        (folder / f"{name}.html").write_text("".join(write_page(some, options)), "ascii")
    compared = "".join(write_comparison_page(make_comparison()))
    (folder / "compared.html").write_text(compared, "ascii")
    return {name: folder / f"{name}.html" for name in (*drawn, "compared")}


def make_comparison() -> Comparison:
    """Compare a sample with itself after edits of several kinds."""
    old = (SAMPLES / "hostile-outsourcing.txt").read_text("utf-8")
    new, edits = old, load_edits()
    for edit in edits[:12:3]:
        if edit["sample"] == "hostile":
            new = apply_steps(new, edit["steps"])
    return compare(old.encode(), new.encode())


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a file; whatever it asks of the network, or says on the console, fails the test."""
    contexts, wrong = [], []

    def open_page(path: Path, *, width: int = 1440, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append("a dialog"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: wrong.append(request.url) if request.url != path.as_uri() else None,
        )
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


# Both schemes on the page with every colour; the others differ in structure.
AXE = (
    *(("hostile", "light"), ("hostile", "dark"), ("several", "light"), ("shareable", "dark")),
    *(("compared", "light"), ("compared", "dark")),
)
ALL = ("hostile", "collaborative", "several", "shareable", "failed", "compared")


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_is_wider_than_the_window(
    visit: Callable[..., Any], pages: dict[str, Path], width: int
) -> None:
    for name in ALL:
        page = visit(pages[name], width=width)
        assert page.evaluate("document.documentElement.scrollWidth") == width, name
        page.context.close()


@pytest.mark.parametrize(("name", "scheme"), [*AXE, ("failed", "light")])
def test_an_accessibility_run_is_clean(
    visit: Callable[..., Any], pages: dict[str, Path], name: str, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visit(pages[name], color_scheme=scheme)
    page.evaluate("for (const item of document.querySelectorAll('details')) item.open = true")
    results = axe.Axe().run(page)
    broken = {
        v["id"]: [n["html"][:160] for n in v["nodes"][:3]] for v in results.response["violations"]
    }
    assert broken == {}


def test_a_mark_on_the_strip_leads_to_its_clause(
    visit: Callable[..., Any], pages: dict[str, Path]
) -> None:
    page = visit(pages["hostile"])
    mark = page.locator(".lanes a").nth(3)
    target = mark.get_attribute("href")
    mark.click()
    assert page.evaluate("location.hash") == target
    assert page.evaluate(
        "(s) => { const r = document.querySelector(s).getBoundingClientRect();"
        " return r.top >= 0 && r.top < innerHeight }",
        target,
    )
    # One stop of the Tab key for the whole strip; arrows move along it.
    page.locator(".lanes a[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href')") == page.locator(
        ".lanes a"
    ).nth(1).get_attribute("href")
    assert page.locator(".lanes a[tabindex='0']").count() == 1


def test_a_link_to_a_note_opens_it(visit: Callable[..., Any], pages: dict[str, Path]) -> None:
    page = visit(pages["hostile"])
    link = page.locator(".card .links a").first
    link.click()
    note = page.locator(link.get_attribute("href"))
    assert note.locator("details").evaluate("item => item.open")
    assert note.locator(".draft").first.is_visible()


def test_filters_hide_notes_and_count_what_is_left(
    visit: Callable[..., Any], pages: dict[str, Path], reviews: dict[str, Review]
) -> None:
    findings = reviews["hostile-outsourcing.docx"].findings
    total = len(findings)
    page = visit(pages["hostile"])

    def shown() -> int:
        return int(page.locator(".note:visible").count())

    assert shown() == total
    page.locator(".pick-RS").uncheck()
    left = sum(f.family != "RS" for f in findings)
    assert shown() == left
    assert page.locator(".count").inner_text() == f"{left} of {total} notes shown"
    page.locator(".pick-2").uncheck()
    left = sum(f.family != "RS" and (f.family == "CO" or f.severity != 2) for f in findings)
    assert shown() == left
    page.locator(".pick-RS").check()
    page.locator(".pick-2").check()
    page.locator(".pick-supplier").uncheck()
    assert shown() == sum(f.burden != "supplier" for f in findings)
    rows = page.locator(".row:visible").count()
    page.locator(".pick-noted").check()
    assert page.locator(".row:visible").count() < rows


def test_the_page_is_whole_without_a_script(
    visit: Callable[..., Any], pages: dict[str, Path], reviews: dict[str, Review]
) -> None:
    page = visit(pages["hostile"], java_script_enabled=False)
    findings = reviews["hostile-outsourcing.docx"].findings
    assert page.locator(".note:visible").count() == len(findings)
    page.locator(".pick-WL").uncheck()
    assert page.locator(".note:visible").count() == sum(f.family != "WL" for f in findings)
    assert page.locator("button:visible").count() == 0
    summary = page.locator(".note:visible summary").first
    summary.click()
    assert page.locator(".note:visible .draft").first.is_visible()


def test_wording_is_copied(visit: Callable[..., Any], pages: dict[str, Path]) -> None:
    page = visit(pages["hostile"], permissions=["clipboard-read", "clipboard-write"])
    box = page.locator(".card .copy-box").first
    box.locator("button").click()
    page.wait_for_function("document.getElementById('said').textContent !== ''")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == box.locator(".draft").text_content()
    assert len(copied) > 80
    assert box.locator("button").inner_text().startswith("Copied")


def read_pdf(page: Any, tmp_path: Path, form: str) -> str:
    import pypdfium2

    target = tmp_path / "print.pdf"
    page.pdf(path=str(target), format=form, print_background=True)
    document = pypdfium2.PdfDocument(str(target))
    text = "\n".join(sheet.get_textpage().get_text_range() for sheet in document)
    document.close()
    return text


@pytest.mark.parametrize(("form", "script"), [("A4", True), ("Letter", False)])
def test_paper_keeps_every_finding(
    visit: Callable[..., Any],
    pages: dict[str, Path],
    reviews: dict[str, Review],
    tmp_path: Path,
    form: str,
    script: bool,
) -> None:
    page = visit(pages["hostile"], java_script_enabled=script, color_scheme="dark")
    text = read_pdf(page, tmp_path, form)
    review = reviews["hostile-outsourcing.docx"]
    for code in {finding.code for finding in review.findings}:
        wanted = sum(finding.code == code for finding in review.findings)
        assert len(re.findall(rf"\b{code}\b", text)) >= wanted, code
    flat = re.sub(r"[\s\ufffe-]+", "", text)
    for finding in review.findings:
        words = finding.why or finding.message
        assert re.sub(r"[\s-]+", "", words) in flat, finding.code
        for suggestion in finding.suggestions:
            assert re.sub(r"[\s-]+", "", suggestion.text[:60]) in flat
    # Clauses without a note stay on the screen.
    assert "Definitions in the singular" not in text


def test_a_comparison_is_filtered_and_printed_whole(
    visit: Callable[..., Any], pages: dict[str, Path], tmp_path: Path
) -> None:
    page = visit(pages["compared"], java_script_enabled=False)
    total = page.locator(".note:visible").count()
    assert total > 3
    assert page.locator("button:visible").count() == 0
    page.locator(".pick-new").uncheck()
    assert page.locator(".note:visible").count() == page.locator(".note:not(.status-new)").count()
    assert page.locator(".note:visible").count() < total
    page.locator(".pick-new").check()
    text = read_pdf(page, tmp_path, "A4")
    flat = re.sub(r"[\s\ufffe-]+", "", text)
    for shown in page.locator("del, ins").all_text_contents():
        assert re.sub(r"[\s-]+", "", shown) in flat
    # What is folded away on the screen stands on paper.
    assert (
        text.count("Why it matters:") == page.locator(".note b:text-is('Why it matters:')").count()
    )


def make_attack() -> Review:
    words = [
        "<script>document.title='taken';alert(1)</script>",
        f"</style><style>body{{display:none;background:url({OUTSIDE}a)}}</style>",
        f"</script><script src={OUTSIDE}b></script><img src={OUTSIDE}c onerror=alert(2)>",
        f'"><svg onload=alert(3)><a href=javascript:alert(4)>click</a><link href={OUTSIDE}d>',
        f"<meta http-equiv=refresh content=0;url={OUTSIDE}e><base href={OUTSIDE}>",
        f"<form action={OUTSIDE}f><iframe src={OUTSIDE}g></iframe><object data={OUTSIDE}h>",
        "\u202etxet neddih\u202c \u2067x\u2069 \u200b \x00\x1b[31m \ud800 \u2028",
        "{{ 7 * 7 }} {% include 'x' %} ${7*7} [<b>a</b>: <i>b</i>]",
    ]
    text = "\n".join(words)
    spans, start = [], 0
    for line in words:
        spans.append((start, start + len(line)))
        start += len(line) + 1
    findings = tuple(
        Finding(
            "RS101", words[n % 8], "RS", f"c{n}", a, b, "supplier", words[(n + 1) % 8], 4, 0.9,
            "rule", "one-sided", message=words[(n + 2) % 8], why=words[(n + 3) % 8],
            suggestions=(Suggestion(words[(n + 4) % 8], "discuss", words[n], (), (), words[n]),),
        )
        for n, (a, b) in enumerate(spans)
    )  # fmt: skip
    return Review(
        Document(words[0], "text/plain", "", text, facts=tuple((w, w) for w in words)),
        "complete",
        parties=tuple(Party(w, (w,), "supplier", w) for w in words),
        clauses=tuple(
            Clause(f"c{n}", words[n][:9], words[n], "operative", None, a, b)
            for n, (a, b) in enumerate(spans)
        ),
        findings=findings,
    )


def test_a_hostile_contract_does_nothing(visit: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "attack.html"
    path.write_text("".join(write_page([make_attack()], ReportOptions(why=True))), "ascii")
    page = visit(path)
    assert page.title() != "taken"
    assert page.locator("script").count() == 1
    assert page.locator("style").count() == 1
    assert page.locator("img, iframe, object, svg[onload], base, link").count() == 0
    assert page.locator("a:not([href^='#'])").count() == 0
    assert page.locator(".note:visible").count() == 8
    shown = page.locator(".rows").text_content()
    assert "U+202E" in shown
    assert "{{ 7 * 7 }}" in shown
    assert "\u202e" not in page.content()
    for place in page.locator(".note summary").all()[:3]:
        place.click()


def test_the_policy_holds_even_if_markup_got_in(
    browser: Any, pages: dict[str, Path], tmp_path: Path
) -> None:
    source = pages["hostile"].read_text("ascii")
    inside = (
        "<script>document.title = 'taken'</script><p id=p style='color:red'>x</p>"
        f"<img src='{OUTSIDE}' onerror=\"document.title = 'taken'\">"
    )
    path = tmp_path / "taken.html"
    path.write_text(source.replace("<h2 ", inside + "<h2 ", 1), "ascii")
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(path.as_uri())
    assert page.title() == "Review of hostile-outsourcing.docx"
    assert page.evaluate("getComputedStyle(document.getElementById('p')).color") != "rgb(255, 0, 0)"
    assert len([line for line in refused if "Content Security Policy" in line]) >= 3
    page.close()


def test_overlapping_highlights_keep_the_text(
    visit: Callable[..., Any], tmp_path: Path, reviews: dict[str, Review]
) -> None:
    review = reviews["hostile-outsourcing.docx"]
    one = next(f for f in review.findings if f.end - f.start > 40)
    two = replace(one, code="WL204", family="WL", start=one.start + 10, end=one.end + 8)
    both = replace(review, findings=(one, two))
    path = tmp_path / "both.html"
    path.write_text("".join(write_page([both], ReportOptions())), "ascii")
    page = visit(path)
    marks = page.locator(f"#{one.clause} mark")
    assert marks.count() == 3
    text = review.document.text
    assert "".join(marks.all_text_contents()) == text[one.start : two.end]
