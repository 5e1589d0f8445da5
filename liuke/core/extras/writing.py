"""Values of added fields, checked, held against what is stored, and written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core.extras.fields import Extra, Picked, Values, by_path, store
from liuke.core.extras.reading import read

if TYPE_CHECKING:
    from liuke.core.resource import Resource


def check(fields: Mapping[str, Extra], values: Values) -> Values:
    """The values as they are stored. Raises ValidationError naming every field whose value is wrong."""
    found, wrong = {}, {}
    for path, value in values.items():
        try:
            found[path] = cleaned(fields[path], value)
        except KeyError:
            wrong[path] = [_("There is no such field")]
        except ValidationError as error:
            wrong |= error.message_dict
    if wrong:
        raise ValidationError(wrong)
    return found


def write(resource: Resource, values: Mapping[int, Values]) -> dict[int, dict[str, list[Any]]]:
    """Store values by record and path; those that are not named stay. For use inside a verb or a batch of `save_many`.

    Returns what changed from what to what, in words for the records' events. Raises ValidationError naming the fields.
    """
    fields = by_path(resource)
    clean = {pk: check(fields, one) for pk, one in values.items()}
    wanted = [fields[path] for path in {path for one in clean.values() for path in one}]
    before = read(wanted, list(values))
    changed = {pk: differing(one, before.get(pk, {})) for pk, one in clean.items()}
    if any(changed.values()):
        store().write(wanted, {pk: one for pk, one in changed.items() if one})
    return {
        pk: {path: [_word(before.get(pk, {}).get(path)), _word(value)] for path, value in one.items()}
        for pk, one in changed.items()
    }


def cleaned(one: Extra, value: Any) -> Any:
    """The value as it is stored. Raises ValidationError naming the field."""
    try:
        if value is None or value == "":
            return None
        return _picked(one, value) if one.kind == "reference" else one.field.clean(value, None)
    except ValidationError as wrong:
        raise ValidationError({one.path: wrong.messages}) from None


def _picked(one: Extra, value: Any) -> Picked:
    """A choice as a record, its id, or its value in the dictionary."""
    pk = getattr(value, "pk", value)
    found = one.entries.get(value) if isinstance(value, str) else None
    found = found or next((entry for entry in one.entries.values() if entry.pk == pk), None)
    if found is None:
        raise ValidationError(_("“%(value)s” is not a valid value") % {"value": value})
    return found


def differing(values: Values, before: Values) -> Values:
    return {path: value for path, value in values.items() if core(value) != core(before.get(path))}


def core(value: Any) -> Any:
    """The value without its words: a choice as its id."""
    return getattr(value, "pk", value)


def _word(value: Any) -> Any:
    """A value as events keep it: a choice by the text it has now."""
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool) else str(value)
