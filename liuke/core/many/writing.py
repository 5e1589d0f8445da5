"""Writing a checked batch: rows, numbers and events in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType

from liuke.core import audit, clock, events, extras, written
from liuke.core.many.alike import alike
from liuke.core.many.pouring import pour
from liuke.core.models.event import Event, is_told, plain
from liuke.core.models.numbers import next_numbers
from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.many.drafts import Draft


def write(drafts: Sequence[Draft]) -> None:
    model: Any = type(drafts[0].record)
    new = [draft.record for draft in drafts if draft.is_new]
    if new and model.NUMBER_PREFIX:
        for record, number in zip(new, next_numbers(model.NUMBER_PREFIX, len(new)), strict=True):
            record.number = number
    if new:
        pour(new)
    changed = [draft.record for draft in drafts if not draft.is_new]
    if changed:
        # An insert that meets its own id: one statement for a thousand rows, where UPDATE has a CASE for every cell.
        names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        model._base_manager.bulk_create(
            changed, batch_size=1000, update_conflicts=True, update_fields=names, unique_fields=["pk"]
        )


def narrows(drafts: Sequence[Draft], by: Any, action: str) -> bool:
    """Whether some rows could be outside of the person's range: that is seen only after they have been written."""
    model: Any = type(drafts[0].record)
    if by is None or not has_resource(model):
        return False
    acts = {action or ("create" if draft.is_new else "update") for draft in drafts}
    return any(resource_of(model).range(by, act) for act in acts)


def mark_out_of_reach(drafts: Sequence[Draft], by: Any, action: str) -> bool:
    """Nobody enters a record, or hands one over, outside of the range he may do that in."""
    model: Any = type(drafts[0].record)
    if not has_resource(model):
        return False
    for act, some in (("create", [d for d in drafts if d.is_new]), ("update", [d for d in drafts if not d.is_new])):
        reach = resource_of(model).where(by, action or act)
        if some and reach:
            pks = [draft.record.pk for draft in some]
            inside = set(model._base_manager.filter(reach, pk__in=pks).values_list("pk", flat=True))
            for draft in some:
                draft.out_of_reach = draft.record.pk not in inside
    return any(draft.out_of_reach for draft in drafts)


def choose(drafts: Sequence[Draft]) -> None:
    for draft in drafts:
        draft.record._choose(draft.many)


def extend(drafts: Sequence[Draft]) -> None:
    """The values of added fields, and what changed in them for the events."""
    values = {draft.record.pk: draft.added for draft in drafts if draft.added}
    changed = extras.write(resource_of(type(drafts[0].record)), values) if values else {}
    for draft in drafts:
        draft.record.__dict__.setdefault("_also_changed", {}).update(changed.get(draft.record.pk, {}))
        draft.record.__dict__.pop("_extras", None)


def tell(drafts: Sequence[Draft], by: Any, note: str) -> None:
    """One event a row, in bulk; listeners hear of each, followers of all."""
    now, kind = clock.now(), ContentType.objects.get_for_model(type(drafts[0].record))
    happened = alike(
        Event(at=now, actor=by, content_type=kind, note=note),
        ({"verb": draft.verb, "object_id": draft.record.pk, "object_text": str(draft.record)[:200],
          "changes": _changes(draft), "among_many": True} for draft in drafts),
    )  # fmt: skip
    for event in happened:  # who did it is loaded already
        event.actor = by
    pour(happened)
    audit.tell(happened)
    for draft, event in zip(drafts, happened, strict=True):
        events.tell(event, draft.record)
    written.tell([draft.record for draft in drafts])


def _changes(draft: Draft) -> dict[str, list[Any]]:
    record, changes = draft.record, dict(draft.record.__dict__.pop("_also_changed", {}))
    for field in record._meta.concrete_fields:
        new, old = getattr(record, field.attname), draft.before.get(field.name)
        if not is_told(field) or old == new or (draft.is_new and new in (None, "")):
            continue
        before = draft.words.get(field.name, plain(field, old)) if old is not None and field.is_relation else None
        told = str(getattr(record, field.name)) if field.is_relation and new is not None else plain(field, new)
        changes[field.name] = [before if field.is_relation else plain(field, old), told]
    return changes
