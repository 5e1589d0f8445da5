"""Why an act is refused. Doors turn these into pages and problem+json; rules only raise them."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The record's state does not allow the act now (409)."""

    status = 409

    def __init__(self, message: str, code: str = "not_now", **extra: Any) -> None:
        super().__init__(message)
        self.message, self.code, self.extra = message, code, extra


class Forbidden(Refused):
    """The person may not do this (403)."""

    status = 403

    def __init__(self, message: str = "", code: str = "forbidden", **extra: Any) -> None:
        from django.utils.translation import gettext as _

        super().__init__(message or _("No permission"), code, **extra)


class Stale(Refused):
    """Somebody changed the record since it was read; `current` is the row as it stands (409)."""

    def __init__(self, current: Any) -> None:
        from django.utils.translation import gettext as _

        super().__init__(_("Somebody else has changed this record, reload and try again"), "stale")
        self.current = current


class Replayed(Exception):
    """The same one-time key came a second time; `record` is what the first one made or changed."""

    def __init__(self, record: Any) -> None:
        super().__init__()
        self.record = record
