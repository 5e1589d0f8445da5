"""What a file is called: the words somebody gave it, without anything a file system or an eye could be misled by."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_BYTES = 255  # what file systems take
SPECIAL = re.compile(r'[<>:"|?*]')


def clean_name(sent: str) -> str:
    """The last part of a path, printable, short enough for any disk, with its extension. Raises ValidationError."""
    name = sent.replace("\\", "/").rpartition("/")[2]
    name = "".join(_harmless(one) for one in unicodedata.normalize("NFC", name))
    name = SPECIAL.sub("_", name).strip(" .")
    stem, _dot, end = name.rpartition(".")
    if not stem.strip() or not end:
        raise ValidationError(_("“%(name)s”: the name has no extension") % {"name": name[:100]})
    return f"{_cut(stem.strip(), MOST_BYTES - len(end.encode()) - 1)}.{end}"


def _harmless(character: str) -> str:
    """Neither control characters nor those that turn the direction of reading."""
    if character.isspace():
        return " "
    return character if character.isprintable() else ""


def _cut(stem: str, most: int) -> str:
    return stem.encode()[: max(most, 1)].decode(errors="ignore").rstrip()
