"""Read the text of pages that are images, by optical character recognition.

Comes in: an open page. Goes out: its lines, as ``pdf_page`` gives them. The recogniser (rapidocr on
onnxruntime, the optional extra ``ocr``) brings its models in its package: nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from clausecheck.read.pdf_layout import (
    Box,
    Line,
    attach_labels,
    find_gutter,
    mend_rows,
    order_columns,
    order_page,
)
from clausecheck.read.pdf_rows import View

# Pixels along the longer side: some 170 dots an inch of a usual page, which the models work at.
_SIDE = 2000
_SURE = 0.5
_LETTER = 0.72  # of a line's box: the rest is the room above and below that the detector adds
_PARTS = ("rapidocr", "onnxruntime")


def is_installed() -> bool:
    """Tell whether the extra ``ocr`` is there."""
    return all(find_spec(part) is not None for part in _PARTS)


@lru_cache(maxsize=1)
def _load_engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical", "Global.text_score": _SURE})


def recognise_page(page: Any, number: int) -> list[Line]:
    """Return the lines that text recognition reads on page ``number``, in reading order."""
    view = View(page.get_rotation(), *page.get_size())
    scale = _SIDE / max(view.width, view.height, 1.0)
    image = page.render(scale=scale).to_numpy()
    found = _load_engine()(image)
    if found.boxes is None or found.txts is None:
        return []
    return make_lines(zip(found.boxes.tolist(), found.txts, strict=True), number, view, scale)


def make_lines(
    found: Iterable[tuple[Sequence[Sequence[float]], str]], number: int, view: View, scale: float
) -> list[Line]:
    """Return lines from corners in pixels from the top left, ``scale`` to the point, and words."""
    lines = []
    for corners, words in found:
        text = " ".join(words.split())
        if not text:
            continue
        xs, ys = [x / scale for x, _ in corners], [y / scale for _, y in corners]
        shown = _round((min(xs), view.height - max(ys), max(xs), view.height - min(ys)))
        size = round(_LETTER * (shown[3] - shown[1]), 1)
        first = text.split(" ", 1)[0]
        lines.append(
            Line(
                text,
                number,
                _round(_turn_back(shown, view)),
                shown,
                size,
                bold=False,
                base=shown[1] + 0.25 * size,
                word=(shown[2] - shown[0]) * len(first) / len(text),
            )
        )
    lines.sort(key=lambda line: (-round(line.base / 6), line.view[0]))
    gutter = find_gutter([[(line.view[0], line.view[2])] for line in lines])
    lines = attach_labels(mend_rows(_even(lines)))
    return order_page(lines) if gutter is None else order_columns(lines, gutter)


def _even(lines: list[Line]) -> list[Line]:
    """Give lines of nearly the same height one size: the detector's boxes differ by a little."""
    if not lines:
        return lines
    from dataclasses import replace
    from statistics import median

    usual = median(line.size for line in lines)
    return [replace(x, size=usual) if 0.75 < x.size / usual < 1.3 else x for x in lines]


def _turn_back(shown: Box, view: View) -> Box:
    """Return a box of the page as shown in the coordinates of the page."""
    left, bottom, right, top = shown
    if view.rotation == 90:
        return (view.height - top, left, view.height - bottom, right)
    if view.rotation == 180:
        return (view.width - right, view.height - top, view.width - left, view.height - bottom)
    if view.rotation == 270:
        return (bottom, view.width - right, top, view.width - left)
    return shown


def _round(box: Box) -> Box:
    return (round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1))
