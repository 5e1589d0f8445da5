"""What `create` and `update` look at, for a whole batch: in their order, with references and parents read at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from liuke.core import clock, extras
from liuke.core.many.holding import Held, holding
from liuke.core.many.references import foreign_keys, load_parents, load_references
from liuke.core.many.uniques import refuse_taken
from liuke.core.refusals import Refused
from liuke.core.register import resource_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.many.drafts import Draft


def check(drafts: Sequence[Draft], by: Any) -> None:
    """Everything that `create` and `update` look at, in their order."""
    _lock(drafts)
    load_parents(drafts)
    load_references(drafts, by)
    _check_added(drafts)
    held = Held()
    held.add(_parents(drafts))
    new = [draft for draft in drafts if draft.is_new and not draft.errors]
    for draft in new:
        for name, value in draft.values.items():
            setattr(draft.record, name, value)
    model: Any = type(drafts[0].record)
    model.prepare_many([draft.record for draft in new], by)
    with holding(held):
        for draft in drafts:
            if draft.out_of_reach:
                draft.refuse("__all__", _("This row is outside of your range"))
            if draft.errors:
                _check_values(draft)
            else:
                _check_one(draft, by)
                _check_choices(draft)
    model.link_many([draft.record for draft in drafts if draft.state and not draft.errors])
    refuse_taken(drafts)


def _lock(drafts: Sequence[Draft]) -> None:
    """Changed records as they stand now, locked in the order of their ids."""
    changed = {draft.record.pk: draft for draft in drafts if not draft.is_new}
    if not changed:
        return
    rows = type(drafts[0].record)._base_manager.select_for_update(of=("self",), no_key=True)
    fresh = {one.pk: one for one in rows.filter(pk__in=list(changed)).order_by("pk")}
    for pk, draft in changed.items():
        if pk in fresh:
            draft.record = fresh[pk]
        else:
            draft.refuse("__all__", _("There is no such record, or you may not see it"))


def _check_choices(draft: Draft) -> None:
    if draft.many and not draft.errors:
        try:
            draft.record.guard_choices(draft.many)
        except ValidationError as wrong:
            draft.explain(wrong)


def _check_added(drafts: Sequence[Draft]) -> None:
    """Values of added fields, whose definitions are asked for once."""
    if some := [draft for draft in drafts if draft.added]:
        fields = extras.by_path(resource_of(type(some[0].record)))
        for draft in some:
            try:
                extras.check(fields, draft.added)
            except ValidationError as wrong:
                draft.explain(wrong)


def _parents(drafts: Sequence[Draft]) -> list[Any]:
    fields = foreign_keys(type(drafts[0].record))
    stored = (getattr(draft.record, f.name) for draft in drafts for f in fields if f.is_cached(draft.record))
    chosen = (draft.values.get(f.name) for draft in drafts for f in fields)
    return [one for one in chain(stored, chosen) if hasattr(one, "pk")]


def _check_values(draft: Draft) -> None:
    """A row that is wrong already is told everything at once that can be seen from its values alone."""
    for name, value in draft.values.items():
        field: Any = draft.record._meta.get_field(name)
        if name not in draft.errors and not field.is_relation and value not in (None, ""):
            try:
                field.clean(value, draft.record)
            except ValidationError as wrong:
                draft.refuse(name, *wrong.messages)


def _check_one(draft: Draft, by: Any) -> None:
    try:
        _fill(draft, by) if draft.is_new else _change(draft, by)
    except ValidationError as wrong:
        draft.explain(wrong)
    except Refused as refused:
        draft.refuse("__all__", refused.message)


def _fill(draft: Draft, by: Any) -> None:
    record = draft.record
    if record.AUTHOR and by is not None:
        setattr(record, record.AUTHOR, by)
    record.created_at = record.updated_at = clock.now()
    _must_be_filled(record, foreign_keys(type(record)))  # guards and `fill` look at them
    record.must_allow("create", by)
    record.fill(by)
    _must_be_filled(record, record._meta.concrete_fields)
    record.clean_fields(exclude={"number", *_settled(record)})
    if draft.state:
        record.import_state(draft.state)
    record.clean()


def _change(draft: Draft, by: Any) -> None:
    record = draft.record
    record.must_allow("update", by)
    draft.remember()
    if frozen := record.frozen_fields() & draft.values.keys():
        raise ValidationError({name: [_("This can no longer be changed")] for name in frozen})
    record.adjust(draft.values)
    for name, value in draft.values.items():
        setattr(record, name, value)
    untouched = {field.name for field in record._meta.fields} - draft.values.keys()
    record.clean_fields(exclude=untouched | _settled(record))
    if draft.state:
        record.import_state(draft.state)
    record.clean()
    record.version += 1
    record.updated_at = clock.now()


def _must_be_filled(record: Any, fields: Sequence[Any]) -> None:
    """What is always required, in words of its own."""
    missing = [f for f in fields if f.editable and not f.blank and _is_empty(record, f)]
    if missing:
        usual = Field.default_error_messages["blank"]
        own = {f.name: f.error_messages["blank"] for f in missing}
        raise ValidationError({name: _("Please fill in") if text == usual else text for name, text in own.items()})


def _is_empty(record: Any, field: Any) -> bool:
    return getattr(record, field.attname) in (None, "")


def _settled(record: Any) -> set[str]:
    """References that were found: no need to ask the database for each of them again."""
    return {f.name for f in foreign_keys(type(record)) if f.is_cached(record) and getattr(record, f.attname)}
