"""Name the parts of a PDF that its text does not show.

Comes in: an open PDF or page and the lines that were read from it. Goes out: ``Unread`` records.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from typing import Any

from clausecheck.read.pdf_layout import Line
from clausecheck.records import Unread

OCR_ADVICE = (
    "Read it with text recognition: the option --ocr, once clausecheck[ocr] is installed; or run "
    "OCR on the file and review the result."
)
_MAX_OBJECTS = 2000
_OUTLINES = 300
_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff\ud800-\udfff]")


def find_hidden_parts(pdf: Any, data: bytes) -> list[Unread]:
    """Name what a PDF can hold beside its pages."""
    import pypdfium2.raw as raw

    found = []
    attached = raw.FPDFDoc_GetAttachmentCount(pdf)
    if attached > 0:
        found.append(
            Unread(
                f"{attached} attached file(s)", "attachments", "Save and review them one by one."
            )
        )
    if raw.FPDF_GetFormType(pdf) in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND):
        found.append(Unread("an XFA form", "the form", "Print it to PDF and review that."))
    if b"%%EOF" not in data[-4096:]:
        found.append(
            Unread(
                "possibly pages at the end",
                "end of the file",
                "The file does not end as a PDF should; check that its last page is there.",
            )
        )
    return found


def judge_page(page: Any, lines: Sequence[Line], where: str) -> list[Unread]:
    """Say so when a page shows something but gives no text, or only codes without meaning."""
    import pypdfium2.raw as raw

    text = "".join(line.text for line in lines)
    if len(text) >= 40:
        if len(_UNMAPPED.findall(text)) > 0.3 * len(text):
            return [Unread("text in a font without letter codes", where, OCR_ADVICE)]
        return []
    image, segments = False, 0
    for shape in _walk_objects(page):
        kind = raw.FPDFPageObj_GetType(shape)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            image = image or not text or _is_large(page, shape)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            segments += raw.FPDFPath_CountSegments(shape)
    if image:
        return [
            Unread(
                "image with hardly any text" if text else "image only, no text", where, OCR_ADVICE
            )
        ]
    # Frames and rules have a few segments; letters drawn as outlines have thousands.
    if segments > _OUTLINES:
        return [Unread("drawing with hardly any text", where, OCR_ADVICE)]
    return []


def lacks_text(unread: Unread) -> bool:
    """Tell whether a page's part can be read by text recognition."""
    return unread.advice == OCR_ADVICE


def _walk_objects(page: Any) -> Iterator[Any]:
    """Yield the objects of a page and of the forms on it, within bounds."""
    import pypdfium2.raw as raw

    for i in range(min(raw.FPDFPage_CountObjects(page), _MAX_OBJECTS)):
        shape = raw.FPDFPage_GetObject(page, i)
        yield shape
        if raw.FPDFPageObj_GetType(shape) == raw.FPDF_PAGEOBJ_FORM:
            for k in range(min(raw.FPDFFormObj_CountObjects(shape), _MAX_OBJECTS)):
                yield raw.FPDFFormObj_GetObject(shape, k)


def _is_large(page: Any, shape: Any) -> bool:
    """Tell a scanned page from a logo or a signature."""
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(shape, left, bottom, right, top):
        return False
    width, height = page.get_size()
    area = (right.value - left.value) * (top.value - bottom.value)
    return bool(area > 0.3 * width * height)


def find_annotations(page: Any, where: str) -> list[Unread]:
    """Count filled form fields and comments: they are drawn over the page, not part of its text."""
    import pypdfium2.raw as raw

    fields = comments = 0
    for i in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_OBJECTS)):
        annotation = raw.FPDFPage_GetAnnot(page, i)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        # A length of two bytes is the closing zero of an empty string.
        if kind == raw.FPDF_ANNOT_WIDGET:
            fields += raw.FPDFAnnot_GetStringValue(annotation, b"V", None, 0) > 2
        elif kind not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
            comments += raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0) > 2
        raw.FPDFPage_CloseAnnot(annotation)
    advice = "Print the file to PDF, which makes them part of the page, and review that."
    found = []
    if fields:
        found.append(Unread(f"{fields} filled form field(s)", where, advice))
    if comments:
        found.append(Unread(f"{comments} comment(s) or note(s)", where, advice, essential=False))
    return found
