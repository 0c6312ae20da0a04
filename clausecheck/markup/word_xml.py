"""Small pieces of WordprocessingML as bytes.

Comes in: names, attributes, text. Goes out: bytes in the prefix that the file itself uses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from clausecheck.read.word_names import STRICT, W

if TYPE_CHECKING:
    from collections.abc import Mapping

# XML 1.0 has no way to write these (2.2 Char); a contract's own text cannot hold them.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACES = tuple(uri[1:-1] for uri in (W, STRICT))


class Writer:
    """Writes elements of the vocabulary in one part.

    Args:
        namespaces: prefix -> name of the namespaces that the part's root declares.
        strict: the part uses the names of the strict standard.

    """

    def __init__(self, namespaces: Mapping[str | None, str], *, strict: bool = False) -> None:
        self.namespace = _NAMESPACES[strict]
        known = [p for p, uri in namespaces.items() if p and uri == self.namespace]
        # Attributes need a prefix; a file that has none gets one on each new element.
        self._prefix = known[0] if known else "w"
        self._declared = "" if known else f' xmlns:w="{self.namespace}"'

    def open(self, name: str, **attributes: str) -> str:
        """Return a start tag.

        >>> Writer({}).open("del", id="7")  # doctest: +ELLIPSIS
        '<w:del xmlns:w="..." w:id="7">'
        """
        return self._begin(name, attributes) + ">"

    def close(self, name: str) -> str:
        """Return an end tag."""
        return f"</{self._prefix}:{name}>"

    def empty(self, name: str, **attributes: str) -> str:
        """Return an element without content."""
        return self._begin(name, attributes) + "/>"

    def wrap(self, name: str, content: str, **attributes: str) -> str:
        """Return an element around ``content``, which is written as it is."""
        return self.open(name, **attributes) + content + self.close(name)

    def text(self, text: str) -> str:
        """Return ``w:t`` elements for ``text``, with breaks at its line ends."""
        lines = []
        for line in writable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            plain = line.replace("\t", " ")
            begun = self._begin("t", {})
            lines.append(
                f'{begun} xml:space="preserve">{escape(plain)}{self.close("t")}' if plain else ""
            )
        return self.empty("br").join(lines)

    def _begin(self, name: str, attributes: Mapping[str, str]) -> str:
        given = "".join(
            f" {self._prefix}:{key}={quoteattr(writable(value))}"
            for key, value in attributes.items()
        )
        return f"<{self._prefix}:{name}{self._declared}{given}"


def writable(text: str) -> str:
    r"""Return ``text`` with a mark in the place of each character that XML cannot hold.

    >>> writable("a\x00b")
    'a\ufffdb'
    """
    return _UNWRITABLE.sub("\ufffd", text)


def escape_text(text: str) -> bytes:
    r"""Return characters of a text node as bytes; a carriage return must not become a line end.

    >>> escape_text("a<b\r")
    b'a&lt;b&#13;'
    """
    return escape(text, {"\r": "&#13;"}).encode()
