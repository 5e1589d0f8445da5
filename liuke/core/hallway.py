"""The hallway all doors lead into: form → full_clean → verb, key and record in one transaction."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from liuke.core.models import OneTimeKey
from liuke.core.refusals import Forbidden
from liuke.core.register import resource_of
from liuke.core.verbs import in_transaction, lock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from liuke.core.companions import Beside
    from liuke.core.forms import RecordForm, VerbForm
    from liuke.core.models import Record
    from liuke.core.resource import Resource

    Key = tuple[str, str, Any]  # path, key, body


T = TypeVar("T")


def enter(resource: Resource, user: Any, form: RecordForm, key: Key, besides: Iterable[Beside] = ()) -> Record:
    """Make a record from a form, and what is entered with it. Raises ValidationError, Refused, or Replayed when the
    key was used before; then nothing of it all is there."""

    def work() -> Record:
        record = create(resource, user, form)
        for beside in besides:
            beside.enter(record)
        return record

    return with_key(user, key, work)


def revise(resource: Resource, user: Any, record: Record, form: RecordForm, version: int | None) -> Record:
    """Change a record by a form: exactly the fields that differ. Raises ValidationError, Refused or Stale."""
    must_be_valid(form)
    values = form.values
    if getattr(record, "incomplete", False) and not form.unasked:
        values["incomplete"] = False  # a full save by a person has checked what people must fill in (C-32)
    many = _many_to_many(form, values)
    if not values and not many and not form.has_more and version in (None, record.version):
        return record

    def work() -> Record:
        changed = _update(resource, user, record, values, many, version)
        form.save_more(changed, user)
        return changed

    return saved(work)


def with_key(user: Any, key: Key, work: Callable[[], Record]) -> Record:
    """Do the work once for a one-time key; without a key just do it."""
    path, word, body = key
    if not word:
        return saved(work)

    def once() -> Record:
        used = OneTimeKey.claim(user, path, word[:200], body)
        record = work()
        used.settle(record)
        return record

    return saved(once)


def act(record: Record, name: str, user: Any, form: VerbForm | None) -> Any:
    """Run a verb with what its form has gathered. Raises ValidationError or Refused."""
    if form is not None:
        must_be_valid(form)

    def work() -> Any:
        still_reaches(record, user, name)
        return getattr(record, name)(**(form.cleaned_data if form else {}), by=user)

    return saved(work)


def still_reaches(record: Record, user: Any, action: str) -> None:
    """Ask once more under the lock: the record may have been given to somebody else a moment ago."""
    lock(record)
    resource = resource_of(type(record))
    rows = resource.model.objects.filter(resource.range(user, resource.grant_of(action)), pk=record.pk)
    if not rows.exists():
        raise Forbidden


def saved(work: Callable[[], T]) -> T:
    """Do the work in a transaction. Two people who enter the same at once get an error to read, not a crash."""
    try:
        return in_transaction(work)
    except IntegrityError as clash:
        raise ValidationError({"__all__": [_("This exists already, somebody has just entered it")]}) from clash


def must_be_valid(form: Any) -> None:
    try:
        if form.is_valid():
            return
    except OverflowError:  # a number no database holds, sent for a choice
        raise ValidationError({"__all__": [_("A number is out of range")]}) from None
    raise ValidationError(form.errors.as_data())


def create(resource: Resource, user: Any, form: RecordForm) -> Record:
    """The verb, with what a form has gathered; part of a larger transaction. Raises ValidationError or Refused."""
    must_be_valid(form)
    record = copy(form.save(commit=False))  # a second try after a deadlock starts from what was entered
    if form.unasked and hasattr(record, "incomplete"):
        record.incomplete = True
    record.create(by=user, many=_many_to_many(form, dict(form.cleaned_data)), extra=form.added_values)
    form.save_more(record, user)
    _must_reach(resource, user, record, "create")
    return record


def _update(
    resource: Resource, user: Any, record: Record, values: dict[str, Any], many: dict[str, Any], version: int | None
) -> Record:
    still_reaches(record, user, "update")
    record.update(values, by=user, version=version, many=many)
    if set(values) & {path.split("__")[0] for path in resource.own}:
        _must_reach(resource, user, record, "update")
    return record


def _many_to_many(form: RecordForm, values: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in form.instance._meta.many_to_many} & set(values)
    return {name: values.pop(name) for name in names}


def _must_reach(resource: Resource, user: Any, record: Record, action: str) -> None:
    """Nobody enters a record, or hands one over, outside of the range he may do that in."""
    if not resource.rows(user, action).filter(pk=record.pk).exists():
        field = next((p.split("__")[0] for p in resource.own if p.split("__")[0] in resource.field_names), None)
        raise ValidationError({field or "__all__": [_("This choice is outside of your range")]})
