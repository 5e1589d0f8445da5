"""A field on the screen: what to fetch for it and how to print it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from liuke.core import fields, formats
from liuke.core.field_rights import is_hidden
from liuke.core.register import has_resource

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Shown:
    """A column path such as `customer__owner`, resolved against a model."""

    path: str
    field: models.Field
    label: Any
    fetch: str  # the path that is read from the database: references are read as their name
    kind: str

    @property
    def reference(self) -> Any:
        """The field as what it is in a column that names another record: a ForeignKey."""
        return self.field

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "percent", "number") and not self.has_stars

    @property
    def has_stars(self) -> bool:
        return getattr(self.field, "stars", False)

    def text(self, value: Any) -> str:
        """The value in plain words, for history, tooltips and exports for people."""
        if value is None or value == "":
            return formats.NOTHING
        if self.kind == "choice":
            return str(dict(self.field.flatchoices).get(value, value))
        return str(self.words(value))

    @property
    def words(self) -> Callable[[Any], str]:
        """How a plain value is told; a field may have words of its own."""
        return getattr(self.field, "words_of", None) or PLAIN.get(self.kind, str)

    @cached_property
    def html(self) -> Callable[[Any], Markup]:
        """Prints a value of this column: chosen once, for a list calls it hundreds of times."""
        special = _stars_html if self.has_stars else {"choice": _choice_html, "link": _link_html}.get(self.kind)
        own = getattr(self.field, "html_of", None)  # a field may have a look of its own
        filled = own or (special(self) if special else _plain_html(self))
        return lambda value: EMPTY if value is None or value == "" else filled(value)


EMPTY = Markup('<span class="faint">--</span>')


def _plain_html(known: Shown) -> Callable[[Any], Markup]:
    words = known.words
    return lambda value: escape(words(value))


def _choice_html(known: Shown) -> Callable[[Any], Markup]:
    tones = tones_of(known.field)
    return lambda value: badge(tones[value], known.text(value)) if value in tones else escape(known.text(value))


def _stars_html(known: Shown) -> Callable[[Any], Markup]:
    mark = '<span class="stars" role="img" aria-label="{}" title="{}">{}<i>{}</i></span>'

    def html(n: int) -> Markup:
        said = _("%(n)s of 5") % {"n": n}
        return Markup(format_html(mark, said, said, "★" * n, "★" * (5 - n)))

    return html


def _link_html(known: Shown) -> Callable[[Any], Markup]:
    return lambda value: Markup(format_html('<a href="{}" rel="noreferrer">{}</a>', value, value))


PLAIN: dict[str, Callable[[Any], str]] = {
    "money": formats.money,
    "percent": formats.percent,
    "number": formats.number,
    "date": formats.day,
    "datetime": formats.moment,
    "phone": formats.phone,
    "bool": formats.yes_no,
}

KINDS: tuple[tuple[type[models.Field], str], ...] = (
    (fields.MoneyField, "money"),
    (fields.PercentField, "percent"),
    (fields.PhoneField, "phone"),
    (models.ForeignKey, "reference"),
    (models.ManyToManyField, "many"),
    (models.BooleanField, "bool"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.DecimalField, "number"),
    (models.IntegerField, "number"),
    (models.URLField, "link"),
    (models.TextField, "long"),
)


ADDED = "x_"  # fields that administrators have added are named so, see core.extras


def shown(model: type[models.Model], path: str) -> Shown:
    """Resolve a column path. Raises FieldDoesNotExist for a wrong one."""
    if path.startswith(ADDED):
        from liuke.core.extras import known  # they come and go while the house runs

        return known(model, path)
    return _declared(model, path)


@lru_cache(maxsize=2000)
def _declared(model: type[models.Model], path: str) -> Shown:
    field: Any = None
    owner: Any = model
    for part in path.split("__"):
        field = owner._meta.get_field(part)
        owner = field.related_model or owner
    fetch = f"{path}__{text_field(field.related_model)}" if field.is_relation else path
    return Shown(path, field, field.verbose_name, fetch, kind_of(field))


def kind_of(field: models.Field) -> str:
    if field.choices:
        return "choice"
    return next((kind for cls, kind in KINDS if isinstance(field, cls)), "text")


def text_field(model: type[models.Model]) -> str:
    return getattr(model, "TEXT", "name")


def tones_of(field: models.Field) -> dict[Any, str]:
    return getattr(field.model, "TONES", {}).get(field.name, {})


def badge(tone: str, text: Any) -> Markup:
    return Markup(format_html('<span class="bdg {}">{}</span>', tone, text))


def record_url(record: models.Model) -> str:
    from liuke.core.register import resource_of

    return f"/{resource_of(type(record)).name}/{record.pk}/" if has_resource(type(record)) else ""


def value_html(record: Any, path: str) -> Markup:
    """One field of a loaded record, with a link where it names another record."""
    model: type[models.Model] = type(record)
    known = shown(model, path)
    if is_hidden(model, path):
        return EMPTY
    value = _value(record, path)
    if known.kind == "many":
        return known.html("、".join(str(one) for one in value.all()))  # any number of them, in one question
    if known.kind == "reference":
        return _reference(value)
    if known.kind == "long" and value:
        return Markup("<br>").join(str(value).splitlines())
    return known.html(value)


def _value(record: Any, path: str) -> Any:
    if path.startswith(ADDED):
        from liuke.core.extras import values_of

        return values_of(record).get(path)
    for part in path.split("__"):
        record = getattr(record, part) if record is not None else None
    return record


def _reference(record: Any) -> Markup:
    if record is None:
        return Markup('<span class="faint">--</span>')
    if getattr(record, "LINKED", False):
        return Markup(format_html('<a href="{}">{}</a>', record_url(record), record))
    return escape(str(record))
