"""How many customers or contacts there are of each kind: figures that lists prove (CUST-21, CONT-04)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import clock, statements
from liuke.core.conditions import condition
from liuke.core.display import shown
from liuke.core.wheres import Where

from .models import CustomerCategory

if TYPE_CHECKING:
    from datetime import date

    from liuke.core.listing import Listing, Question

MOST = 50  # lines; what is rarer is summed up in the last one
MONTHS = 12


@dataclass(frozen=True)
class By:
    """One way to count: by a field, by month of a moment, or by the tree of categories."""

    key: str
    path: str
    label: Any = ""
    kind: str = "field"

    def label_in(self, model: Any) -> str:
        return str(self.label or shown(model, self.path).label)


@dataclass(frozen=True)
class Line:
    label: str
    count: int
    filters: dict[str, str] | None  # what the list is asked for; None where no filter says it


WAYS: dict[str, tuple[By, ...]] = {
    "customers": (
        By("type", "type"), By("level", "level"), By("region", "region"), By("industry", "industry"),
        By("status", "status"), By("follow_status", "follow_status"), By("source", "source"),
        By("category", "categories", kind="tree"), By("month", "created_at", lazy("Month created"), "month"),
    ),
    "contacts": (
        By("type", "customer__type"), By("region", "customer__region"), By("position", "position"),
        By("month", "created_at", lazy("Month created"), "month"),
    ),
}  # fmt: skip


def lines_of(by: By, listing: Listing) -> list[Line]:
    """The lines of one way, the greatest first; months in their order."""
    if by.kind == "month":
        return _by_month(by, listing.question)
    if by.kind == "tree":
        return _by_category(by, listing.question)
    return _by_field(by, listing.question)


def _by_field(by: By, question: Question) -> list[Line]:
    known = shown(question.model, by.path)
    counted = sorted(statements.rows(_grouped, question, by.path), key=_greatest_first)
    names = _names(known, [key for key, _n in counted[:MOST]])
    found = [_line(by, names, key, n) for key, n in counted[:MOST]]
    if rest := sum(n for _key, n in counted[MOST:]):
        found.append(Line(_("Others"), rest, None))
    return found


def _greatest_first(row: tuple[Any, int]) -> tuple[Any, ...]:
    key, n = row
    return -n, key is None, key


def _grouped(question: Question, path: str) -> Any:
    return question.rows().order_by().values_list(path).annotate(n=Count("pk"))


def _names(known: Any, keys: list[Any]) -> dict[Any, tuple[str, str]]:
    """{key: (what people read, what a filter is sent)}"""
    if known.kind == "choice":
        return {key: (str(label), str(key)) for key, label in known.field.flatchoices}
    if words := getattr(known.field, "words", None):  # marks with their words
        return {int(value): (text, value) for value, text in words() if value}
    if known.kind != "reference":
        return {key: (str(key), str(key)) for key in keys if key}
    model, code = known.reference.related_model, getattr(known.reference, "code_field", "pk")
    rows = model._base_manager.filter(pk__in=[key for key in keys if key]).values_list("pk", model.TEXT, code)
    return {key: (str(text), str(value)) for key, text, value in rows}


def _line(by: By, names: dict[Any, tuple[str, str]], key: Any, n: int) -> Line:
    text, value = names.get(key, (_("Not filled in"), ""))
    return Line(text, n, {by.path: value} if value else _empty(by))


def _empty(by: By) -> dict[str, str]:
    return {"where": str(Where(by.path, "empty"))}


def _by_month(by: By, question: Question) -> list[Line]:
    known, firsts = shown(question.model, by.path), _last_months()
    spans = [{f"{by.path}__gte": first.isoformat(), f"{by.path}__lte": _last_day(first)} for first in firsts]
    spans.insert(0, {f"{by.path}__lt": firsts[0].isoformat()})
    labels = [_("Earlier"), *(f"{first:%Y-%m}" for first in firsts)]
    counts = _counted(question, [_span(known, span) for span in spans])
    return [Line(label, n, span) for label, n, span in zip(labels, counts, spans, strict=True)]


def _span(known: Any, span: dict[str, str]) -> Q:
    found = Q()
    for name, value in span.items():
        found &= condition(known, name.rpartition("__")[2], value)
    return found


def _last_months() -> list[date]:
    first = clock.today().replace(day=1)
    numbers = (first.year * 12 + first.month - 1 - back for back in range(MONTHS - 1, -1, -1))
    return [first.replace(year=number // 12, month=number % 12 + 1) for number in numbers]


def _last_day(first: date) -> str:
    return first.replace(day=monthrange(first.year, first.month)[1]).isoformat()


def _by_category(by: By, question: Question) -> list[Line]:
    """A category counts with everything below it, as the filter does; a customer may be in several."""
    known = shown(question.model, by.path)
    found = list(CustomerCategory.objects.alive().order_by("position", "id").values_list("pk", "name")[:MOST])
    conditions = [condition(known, "exact", str(pk)) for pk, _name in found]
    counts = _counted(question, [*conditions, Q(**{f"{by.path}__isnull": True})])
    lines = [Line(name, n, {by.path: str(pk)}) for (pk, name), n in zip(found, counts, strict=False)]
    return [*lines, Line(_("Not filled in"), counts[-1], _empty(by))]


def _counted(question: Question, conditions: list[Q]) -> list[int]:
    """How many rows of the question fulfil each condition, asked in one."""
    sums = {f"n{place}": Count("pk", filter=one, distinct=True) for place, one in enumerate(conditions)}
    found = question.rows().order_by().aggregate(**sums)
    return [found[name] for name in sums]
