"""References of a batch: each kind of record is read once, in the range the person may choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.many.drafts import Draft


def foreign_keys(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


def load_references(drafts: Sequence[Draft], by: Any) -> None:
    """Turn ids into records. One that is not there, or not in the person's range, is an error of its row."""
    for field in foreign_keys(type(drafts[0].record)):
        wanted = {_key(draft.values[field.name]) for draft in drafts if draft.values.get(field.name) is not None}
        if wanted:
            _put(field, drafts, _found(field, wanted, by))


def _key(value: Any) -> Any:
    return getattr(value, "pk", value)


def _found(field: Any, wanted: set[Any], by: Any) -> dict[Any, Any]:
    model = field.related_model
    if by is not None and has_resource(model):
        rows = resource_of(model).choices(by).order_by()
    else:
        rows = model._base_manager.all()
    return {one.pk: one for one in rows.complex_filter(field.get_limit_choices_to()).filter(pk__in=wanted)}


def _put(field: Any, drafts: Sequence[Draft], found: dict[Any, Any]) -> None:
    for draft in drafts:
        value = draft.values.get(field.name)
        if value is None:
            continue
        if (known := found.get(_key(value))) is not None:
            draft.values[field.name] = known
        elif getattr(draft.record, field.attname) != _key(value):  # what stands there already may stay
            draft.refuse(field.name, _("This is not one of the choices you have"))


def load_parents(drafts: Sequence[Draft]) -> None:
    """What the references of changed records name now: guards look at them, events tell what they were called."""
    records = [draft.record for draft in drafts if not draft.is_new]
    for field in foreign_keys(type(drafts[0].record)) if records else ():
        wanted = {getattr(record, field.attname) for record in records} - {None}
        found = field.related_model._base_manager.in_bulk(wanted) if wanted else {}
        for record in records:
            if (pk := getattr(record, field.attname)) in found:
                setattr(record, field.name, found[pk])
