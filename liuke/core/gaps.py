"""A page printed once and filled many times: gaps stand where it differs from one request to the next."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGN = secrets.token_hex(8)  # of this process: nobody can write a gap into what he enters
_GAP = re.compile(rf"{_SIGN}-(\w+);")


def gap(name: str) -> Markup:
    return Markup(f"{_SIGN}-{name};")


class Print:
    """A page with its gaps."""

    def __init__(self, text: str) -> None:
        self.pieces = _GAP.split(text)  # text and names of gaps in turns

    def filled(self, values: Mapping[str, Any]) -> str:
        pieces = self.pieces.copy()
        pieces[1::2] = [escape(values[name]) for name in pieces[1::2]]
        return "".join(pieces)
