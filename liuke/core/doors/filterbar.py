"""The filter boxes above a list and the chips that show which are on."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Q, Value, Window
from django.db.models.functions import Cast, RowNumber
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liuke.core import extras, statements
from liuke.core.conditions import TEXTS
from liuke.core.display import Shown, shown
from liuke.core.listing import Listing, Question, filterable, ids_of
from liuke.core.pages import FilterBox, Link
from liuke.core.register import has_resource, resource_of
from liuke.core.remembered import is_watched, remembered
from liuke.core.wheres import OPERATORS, Where

if TYPE_CHECKING:
    from liuke.core.doors.addresses import Address
    from liuke.core.resource import Resource

Offered = dict[str, list[tuple[str, str]]]  # by path: (value, label) of each choice
ROOM = 4  # as many filters stand in one row of a screen of 1,440 pixels; one with two dates takes the place of two
MANY = 300  # a reference with more rows than this is not offered as a select


def filter_boxes(resource: Resource, user: Any, listing: Listing, offered: Offered | None = None) -> list[FilterBox]:
    """`offered` is what `offered_anew` gave, where it has been asked already."""
    key = "offered", resource.name, user.known_as, get_language()
    seldom = remembered(key, lambda: _read([one for one in _choosing(resource) if _is_seldom(one)], user))
    listing.choices |= seldom | (offered_anew(resource, user) if offered is None else offered)
    return [_box(known, listing) for known in _filters(resource)]


def offered_anew(resource: Resource, user: Any) -> Offered:
    """What those filters offer whose tables change all the time, such as customers."""
    return _read([one for one in _choosing(resource) if not _is_seldom(one)], user)


def follows(resource: Resource, listing: Listing) -> bool:
    """Whether the words of all chips are among what the filters offer, or in the address itself."""
    if "where" in listing.conditions or "ids" in listing.conditions:
        return False
    boxes = [known.path for known in _filters(resource)]
    return all(any(name == path or name.startswith(f"{path}__") for path in boxes) for name in listing.conditions)


def _filters(resource: Resource) -> list[Shown]:
    return [*(shown(resource.model, path) for path in resource.filters), *extras.of(resource)]


def _choosing(resource: Resource) -> list[Shown]:
    return [known for known in _filters(resource) if known.kind in ("reference", "many")]


def _is_seldom(known: Shown) -> bool:
    return is_watched(known.reference.related_model)


def _read(filters: list[Shown], user: Any) -> Offered:
    """What these filters offer."""
    coded = [known for known in filters if getattr(known.field, "code_field", "")]
    found = _read_together(coded, user)
    return found | _read_in_one([known for known in filters if known.path not in found], user)


def at_once(boxes: list[FilterBox]) -> int:
    """How many of them stand beside the search box; the rest is folded away."""
    taken = list(accumulate(2 if box.kind == "range" else 1 for box in boxes))
    return sum(width <= ROOM for width in taken)


def _read_together(parts: list[Shown], user: Any) -> Offered:
    """Filters that choose from parts of one table, such as the dictionary, cost one question together."""
    if not parts:
        return {}
    model, key = parts[0].reference.related_model, parts[0].reference.code_field
    limits: dict[str, dict[str, Any]] = {known.path: known.reference.get_limit_choices_to() for known in parts}
    (split,) = next(iter(limits.values()))
    wanted = {path: limit[split] for path, limit in limits.items()}
    one = resource_of(model)
    asked = Q(**{f"{split}__in": tuple(sorted(set(wanted.values())))})
    rows = statements.rows(_offered, model, (one.choosable(user), asked), one.offering_order, (split, key))
    found = [(part, str(value), str(text)) for part, value, text in rows]
    return {path: [(value, text) for of, value, text in found if of == part][:MANY] for path, part in wanted.items()}


def _read_in_one(references: list[Shown], user: Any) -> Offered:
    """Filters that choose from other tables cost one question together, an arm for each."""
    if not references:
        return {}
    found: dict[int, list[tuple[int, str, str]]] = {place: [] for place in range(len(references))}
    for place, rank, key, text in statements.rows(_arms, tuple(_asked(known, user) for known in references)):
        found[place].append((rank, str(key), str(text)))
    return {
        known.path: [(key, text) for _rank, key, text in sorted(found[place])] for place, known in enumerate(references)
    }


def _asked(known: Shown, user: Any) -> tuple[Any, tuple[Q, ...], tuple[str, ...]]:
    """What a reference may be chosen from: model, conditions, order."""
    field: Any = known.field
    model, limit = field.related_model, Q(**field.get_limit_choices_to())
    if not has_resource(model):
        return model, (limit,), (model.TEXT,)
    one = resource_of(model)
    return model, (one.choosable(user), limit), one.offering_order


def _arms(asked: tuple[tuple[Any, tuple[Q, ...], tuple[str, ...]], ...]) -> Any:
    """(place of the filter, rank, key, text) for the first of each; a union knows no limit of its own for an arm."""
    arms = []
    for place, (model, conditions, order) in enumerate(asked):
        some = Question(model, conditions).rows().order_by(*order).values("pk")[:MANY]
        rows = model._base_manager.filter(pk__in=some).order_by()
        ranked = rows.annotate(place=Value(place), rank=Window(RowNumber(), order_by=order))
        arms.append(ranked.values_list("place", "rank", "pk", Cast(model.TEXT, CharField(max_length=200))))
    first, *others = arms
    return first.union(*others, all=True) if others else first


def _box(known: Shown, listing: Listing) -> FilterBox:
    path, label, params = known.path, str(known.label), listing.params
    if known.kind in ("date", "datetime", "money", "percent", "number"):
        return FilterBox(
            path,
            label,
            "range",
            params.get(f"{path}__gte", ""),
            params.get(f"{path}__lte", ""),
            date=known.kind in ("date", "datetime"),
        )
    if known.kind in TEXTS:
        return FilterBox(f"{path}__contains", label, "text", params.get(f"{path}__contains", ""))
    return FilterBox(path, label, "choice", params.get(path, ""), choices=_choices(known, listing))


def _choices(known: Shown, listing: Listing) -> list[tuple[str, str]]:
    """Asked once for the box and the chip of a filter."""
    if known.path not in listing.choices:
        listing.choices[known.path] = choices_of(known, listing.user)
    return listing.choices[known.path]


def choices_of(known: Shown, user: Any) -> list[tuple[str, str]]:
    """(value, label) of everything a choice, yes-no or reference filter offers this person."""
    if known.kind == "choice":
        return [(str(key), str(label)) for key, label in known.field.flatchoices]
    if known.kind == "bool":
        return [("true", _("Yes")), ("false", _("No"))]
    field: Any = known.field
    model = field.related_model
    key, limit = getattr(field, "code_field", "") or "pk", Q(**field.get_limit_choices_to())
    if not has_resource(model):
        rows = statements.rows(_offered, model, (limit,), (model.TEXT,), (key,), MANY)
    else:
        one = resource_of(model)
        rows = statements.rows(_offered, model, (one.choosable(user), limit), one.offering_order, (key,), MANY)
    return [(str(pk), str(text)) for pk, text in rows]


def _offered(
    model: Any, conditions: tuple[Q, ...], order: tuple[str, ...], names: tuple[str, ...], most: int | None = None
) -> Any:
    return Question(model, conditions).rows().order_by(*order).values_list(*names, model.TEXT)[:most]


def chips(resource: Resource, listing: Listing, address: Address) -> list[Link]:
    """What is filtered on, each with the address without it."""
    found = [
        Link(f"{_label(resource, name)} {_value(resource, listing, name)}", address.but(**{name: None}), key=name)
        for name in listing.conditions
        if name not in ("ids", "where")
    ]
    found += _conditions(resource, listing, address)
    if "ids" in listing.conditions:
        chosen = _("%(n)s chosen") % {"n": len(ids_of(listing.params["ids"]))}
        found.insert(0, Link(chosen, address.but(ids=None), key="ids"))
    if search := listing.params.get("search"):
        found.insert(0, Link(f"{_('Search')} {search}", address.but(search=None), key="search"))
    if listing.deleted:
        found.insert(0, Link(_("Recycle bin"), address.but(status=None), key="status"))
    return found


def _conditions(resource: Resource, listing: Listing, address: Address) -> list[Link]:
    """The rows of the advanced filter; also those that make no sense any more can be taken out."""
    lines = listing.params.get("where", ())
    joint = _("or") if listing.params.get("any") == "1" else ""
    return [
        Link(
            f"{joint if place else ''} {condition_words(resource, listing.user, line)}".strip(),
            address.but(where=(*lines[:place], *lines[place + 1 :])),
            key=f"where-{place}",
        )
        for place, line in enumerate(lines)
    ]


def condition_words(resource: Resource, user: Any, line: str) -> str:
    """A row of the advanced filter as its chip reads."""
    where = Where.read(line)
    try:
        known = shown(resource.model, where.path if where.path in filterable(resource) else "")
    except (FieldDoesNotExist, AttributeError):
        return line[:50]
    values = dict(choices_of(known, user)) if known.kind in ("choice", "bool", "reference") else {}
    value = " ～ ".join(values.get(one, one) for one in (where.value, where.until) if one)
    return " ".join(part for part in (str(known.label), str(OPERATORS.get(where.operator, "")), value) if part)


def _label(resource: Resource, name: str) -> str:
    path, _sign, lookup = name.rpartition("__")
    signs = {"gte": "≥", "lte": "≤", "gt": ">", "lt": "<", "contains": ""}
    if lookup not in signs:
        path, lookup = name, "contains"
    return f"{shown(resource.model, path).label} {signs[lookup]}".strip()


def _value(resource: Resource, listing: Listing, name: str) -> str:
    value = listing.params[name]
    path = name.rpartition("__")[0] if name.endswith(("__gte", "__lte", "__gt", "__lt", "__contains")) else name
    known = shown(resource.model, path)
    if known.kind in ("choice", "bool", "reference", "many"):
        return dict(_choices(known, listing)).get(value, value)
    return value
