"""Where products, stock and orders come from: kept here, or only read from the sales system of the house (C-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import formats, options
from liuke.core.options import Option
from liuke.core.refusals import Refused

if TYPE_CHECKING:
    from datetime import datetime

BUILTIN, EXTERNAL = "builtin", "external"

options.declare(
    Option(
        "sales_source", BUILTIN, "choice", lazy("Products, stock and orders"),
        lazy("With an external sales system they are only read here"),
        choices=((BUILTIN, lazy("are kept in Liuke")), (EXTERNAL, lazy("come from the sales system"))),
    )
)  # fmt: skip


def is_external() -> bool:
    return bool(options.get("sales_source") == EXTERNAL)


def must_be_kept_here(by: Any) -> None:
    """Raise Refused when a person changes what only the sales system changes; the system itself (None) may."""
    if by is not None and is_external():
        raise Refused(_("This comes from the sales system and is only read here: change it there"), "read_only")


def last_sync() -> datetime | None:
    """When the sales system was last read to the end; None when it never was."""
    from .models import SalesSync

    return SalesSync.objects.filter(ok=True).order_by("-finished_at").values_list("finished_at", flat=True).first()


def standing() -> str:
    """Where the orders shown come from, and since when (R31); "" where they are kept here."""
    if not is_external():
        return ""
    read = last_sync()
    if read is None:
        return _("From the sales system, which has not been read yet")
    return _("From the sales system, last read %(when)s") % {"when": formats.moment(read)}
