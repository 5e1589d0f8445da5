"""Where the sales system and its mapping are. The address may hold a password: it is never shown, logged or stored."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from . import mapping
from .refusing import MappingError

if TYPE_CHECKING:
    from .mapping import Mapping

FILE = "sales-system.toml"


def mapping_file() -> Path:
    """LIUKE_SALES_MAPPING, or sales-system.toml in the data folder."""
    chosen = os.environ.get("LIUKE_SALES_MAPPING")
    return Path(chosen).expanduser() if chosen else Path(settings.DATA_DIR) / FILE


def is_set_up() -> bool:
    return mapping_file().exists()


def read_mapping() -> Mapping:
    """Raises MappingError when the file is missing or wrong."""
    path = mapping_file()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MappingError([_("There is no mapping yet: %(path)s") % {"path": path}]) from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise MappingError([_("The mapping cannot be read: %(error)s") % {"error": wrong}]) from None
    return mapping.read(text)


def url_of(found: Mapping) -> str:
    """LIUKE_SALES_URL before what the mapping says. Raises MappingError when there is neither."""
    url = os.environ.get("LIUKE_SALES_URL") or found.url
    if not url:
        raise MappingError([_("The address of the sales system is missing: set LIUKE_SALES_URL")])
    return url


def is_exposed(found: Mapping) -> bool:
    """Whether the mapping holds a password and others on this server may read it."""
    holds = ":" in found.url.rpartition("@")[0].partition("://")[2]
    return holds and os.name == "posix" and bool(mapping_file().stat().st_mode & 0o077)
