"""A link to any record of the house, kept as the name of its Resource and its id: `customers/12`.

Only whoever may see that record is told what it is called; to others it is a record they may not see.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from liuke.core.register import resource, resource_of, resources

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liuke.core.models import Record

Place = tuple[str, int]  # name of a Resource, id
Told = tuple[str, str]  # a link, and what its record is called

PLACE = re.compile(r"(?:^|/)([a-z][a-z-]{1,40})/(\d{1,18})(?:/|$)")
NUMBER = re.compile(r"([A-Z]{2})\d{8,}")


class LinkField(models.CharField):
    """Takes a link, the address of a record's page, or a record's number; keeps the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"max_length": 300, **kwargs})  # an address is longer than what is kept of it

    def clean(self, value: Any, model_instance: Any) -> str:
        return super().clean(read_link(str(value or "")), model_instance)

    @staticmethod
    def words_of(value: str | Told) -> str:
        """What the list has found out of it for its reader, or else the bare link."""
        return value if isinstance(value, str) else value[1]

    def html_of(self, value: str | Told) -> Markup:
        link, text = (value, kind_of(value)) if isinstance(value, str) else value
        known = link_of(link)
        if known is None:
            return Markup(escape(text))
        return Markup('<a href="/{}/{}/">{}</a>').format(*known, text)


def read_link(text: str) -> str:
    """A link, out of what somebody wrote. Raises ValidationError."""
    sent = text.strip()
    if not sent:
        return ""
    if known := _in_address(sent.split("?")[0].split("#")[0]):
        return "{}/{}".format(*known)
    if found := NUMBER.fullmatch(sent.upper()):
        for one in resources():
            if found[1] == one.model.NUMBER_PREFIX and (pk := _numbered(one.model, found[0])):
                return f"{one.name}/{pk}"
        raise ValidationError(unknown_link())
    raise ValidationError(_("“%(value)s” names no record: write its number, or the address of its page") % {
        "value": sent[:60]})  # fmt: skip


def unknown_link() -> str:
    """The same words for a record that is not there and for one out of sight: nobody tries out which numbers exist."""
    return _("There is no such record, or you may not see it")


def _numbered(model: Any, number: str) -> int | None:
    pk: int | None = model._base_manager.filter(number=number).values_list("pk", flat=True).first()
    return pk


def _in_address(path: str) -> Place | None:
    found = PLACE.search(path)
    names = {one.name for one in resources()}
    return (found[1], int(found[2])) if found and found[1] in names else None


def link_of(text: str) -> Place | None:
    """The Resource's name and the id a link is made of."""
    name, _slash, pk = text.partition("/")
    return (name, int(pk)) if pk.isascii() and pk.isdigit() else None


def link_to(record: Record) -> str:
    return f"{resource_of(type(record)).name}/{record.pk}"


def kind_of(link: str) -> str:
    """What sort of record it leads to, for whoever may not know more."""
    known = link_of(link)
    names = {one.name: one.label for one in resources()}
    return f"{names[known[0]]} {known[1]}" if known and known[0] in names else link


def read_record(link: str) -> Record | None:
    """The record whoever asks, deleted or not: to lock it, never to show it."""
    known = link_of(link)
    one = next((one for one in resources() if known and one.name == known[0]), None)
    found: Record | None = one.model._base_manager.filter(pk=known[1]).first() if one and known else None
    return found


def record_at(link: str, user: Any) -> Record | None:
    """The record, if this person may see it and it is not in the recycle bin."""
    return records_at(user, [known]).get(known) if (known := link_of(link)) else None


def name_of(link: str, user: Any) -> str:
    """What its record is called, with what sort it is; "" for whoever may not see it."""
    record = record_at(link, user)
    return f"{resource_of(type(record)).label} {record}" if record else ""


def records_at(user: Any, places: Iterable[Place]) -> dict[Place, Record]:
    """Those of the records this person may see: one question for each kind."""
    by_resource: dict[str, set[int]] = {}
    for name, pk in places:
        by_resource.setdefault(name, set()).add(pk)
    known = {one.name for one in resources() if one.name in by_resource and one.may(user, "view")}
    return {
        (name, record.pk): record
        for name, ids in by_resource.items()
        if name in known
        for record in resource(name).rows(user, "view").filter(pk__in=ids).select_related(*resource(name).related)
    }


def tell_links(user: Any, rows: list[dict[str, Any]], name: str) -> None:
    """Put beside the links of a page of rows what their records are called, as far as the reader may see them."""
    places = {known for row in rows if (known := link_of(row.get(name) or ""))}
    found = records_at(user, places)
    for row in rows:
        if known := link_of(row.get(name) or ""):
            text = f"{resource(known[0]).label} {found[known]}" if known in found else kind_of(row[name])
            row[name] = (row[name], text)
