"""Where a column of a file may go: the fields of a Resource, its number, and with its own permission its state."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from liuke.core import extras
from liuke.core.display import shown
from liuke.core.field_rights import seen_by
from liuke.core.models import Import

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.resource import Resource

HISTORY = "import_history"


@dataclass(frozen=True)
class Target:
    """One field a column may go to."""

    name: str
    field: Any
    kind: str
    label: str
    required: bool = False
    is_state: bool = False
    is_key: bool = False  # only to find the record by
    aliases: tuple[str, ...] = ()

    @cached_property
    def names(self) -> set[str]:
        """What a header may call it, in every language of the house."""
        known = {self.name, self.name.replace("_", " "), *self.aliases}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                known.add(str(self.field.verbose_name))
        return {header_key(one) for one in known}


def targets_of(resource: Resource, user: Any) -> dict[str, Target]:
    resource = seen_by(resource, user)
    names = [*_writable(resource), *extras.by_path(resource).keys() - resource.fixed]
    found = {name: _target(resource, name, aliases=resource.aliases.get(name, ())) for name in names}
    if resource.model.NUMBER_PREFIX:
        found["number"] = _target(resource, "number", is_key=True)
    if resource.state_fields and resource.may(user, HISTORY):
        found |= {name: _target(resource, name, is_state=True) for name in resource.state_fields}
    return found


def _writable(resource: Resource) -> list[str]:
    """What a file may say: also what a role may not change, where a new record cannot be without it."""
    if not resource.fixed:
        return resource.field_names
    whole = resource.whole.field_names
    return [name for name in whole if name not in resource.fixed or _target(resource, name).required]


def _target(resource: Resource, name: str, aliases: tuple[str, ...] = (), **more: bool) -> Target:
    known = shown(resource.model, name)
    required = not more and not known.field.blank and not known.field.has_default()
    return Target(name, known.field, known.kind, str(known.label), required, aliases=aliases, **more)


def header_key(header: str) -> str:
    """A header without what differs from file to file: width, case, spaces, stars and remarks in brackets."""
    plain = unicodedata.normalize("NFKC", str(header)).lower()
    return re.sub(r"\([^)]*\)|[\s*_:：\-]+", "", plain)


def fingerprint(resource: Resource, header: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join([resource.name, *map(header_key, header)]).encode()).hexdigest()


def reason_header() -> str:
    return _("Reason of the error")


def _is_reason(header: str) -> bool:
    with translation.override("zh-hans"):
        chinese = reason_header()
    with translation.override("en"):
        return header_key(header) in {header_key(chinese), header_key(reason_header())}


def guess(header: Sequence[str], targets: dict[str, Target]) -> list[str]:
    """For each column the field its header names, each field once; the reasons of an error file go nowhere."""
    found: list[str] = []
    for one in header:
        key = header_key(one)
        fits = (name for name, target in targets.items() if key in target.names and name not in found)
        found.append("" if not key or _is_reason(one) else next(fits, ""))
    return found


def remembered(user: Any, mark: str, targets: dict[str, Target]) -> dict[str, Any] | None:
    """What the same person chose for the same header the last time."""
    last = Import.objects.filter(user=user, fingerprint=mark).exclude(state=Import.State.UPLOADED).order_by("-id")
    if (before := last.first()) is None:
        return None
    kept = [name if name in targets else "" for name in before.columns]
    return {
        "columns": kept,
        **{
            part: {name: value for name, value in getattr(before, part).items() if name in targets}
            for part in ("constants", "empties", "words")
        },
    }
