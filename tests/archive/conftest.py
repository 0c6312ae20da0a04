"""A small archive on disk."""

from pathlib import Path

import pytest

from tests.archive.archives import contract


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three contracts, one of them twice, one broken file and some litter."""
    root = tmp_path / "in"
    (root / "old").mkdir(parents=True)
    (root / "a.txt").write_text(contract(1))
    (root / "old" / "b.txt").write_text(contract(2, supplier="Cumulus GmbH", year=2018))
    (root / "old" / "copy of a.txt").write_text(contract(1))
    (root / "c.txt").write_text(contract(3, more="4. Law. The law of England governs this."))
    (root / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (root / ".DS_Store").write_bytes(b"x")
    (root / "~$a.docx").write_bytes(b"x")
    return root
