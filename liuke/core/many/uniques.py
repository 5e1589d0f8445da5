"""What there may be only once: asked once for a whole batch, and held against the batch itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q, UniqueConstraint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from liuke.core.many.drafts import Draft

    Key = tuple[Any, ...]


class Once(NamedTuple):
    """Fields whose values together may stand in one row only, among the rows for which the condition holds."""

    names: tuple[str, ...]
    condition: Q
    field: str  # where the error is shown
    message: Callable[[], Any]


def refuse_taken(drafts: Sequence[Draft]) -> None:
    model: Any = type(drafts[0].record)
    rules, others = _rules(model)
    for rule in rules:
        _refuse(model, rule, [draft for draft in drafts if not draft.errors and _concerns(rule, draft)])
    for draft in drafts:
        if not draft.errors and others:
            _one_by_one(model, others, draft)


def _rules(model: Any) -> tuple[list[Once], list[Any]]:
    rules = [
        Once((field.name,), Q(), field.name, _message(model, (field.name,)))
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key and not (field.name == "number" and model.NUMBER_PREFIX)
    ]
    others = []
    for one in model._meta.constraints:
        if isinstance(one, UniqueConstraint) and one.fields and _can_be_read(one.condition or Q()):
            own = one.condition or one.violation_error_message != one.default_violation_error_message
            told = one.get_violation_error_message if own else _message(model, one.fields)
            rules.append(Once(tuple(one.fields), one.condition or Q(), NON_FIELD_ERRORS, told))
        else:
            others.append(one)
    return rules, others


def _message(model: Any, names: Sequence[str]) -> Callable[[], str]:
    return lambda: str(ValidationError(model().unique_error_message(model, tuple(names))).messages[0])


def _concerns(rule: Once, draft: Draft) -> bool:
    """A changed record is asked about only what is set on it."""
    asked = draft.is_new or bool({*rule.names, *draft.state} & {*draft.values, *draft.state})
    return asked and None not in _key(rule, draft.record) and _holds(rule.condition, draft.record)


def _key(rule: Once, record: Any) -> Key:
    return tuple(getattr(record, record._meta.get_field(name).attname) for name in rule.names)


def _refuse(model: Any, rule: Once, drafts: list[Draft]) -> None:
    if not drafts:
        return
    taken = _taken(model, rule, [_key(rule, draft.record) for draft in drafts])
    for draft in drafts:
        owner = taken.setdefault(_key(rule, draft.record), draft.record.pk or -id(draft))
        if owner != (draft.record.pk or -id(draft)):
            draft.refuse(rule.field, rule.message())


def _taken(model: Any, rule: Once, keys: list[Key]) -> dict[Key, Any]:
    """{values: id of the row that has them}; the most telling field picks the rows."""
    columns = [{key[place] for key in keys} for place in range(len(rule.names))]
    place = max(range(len(columns)), key=lambda one: len(columns[one]))
    rows = model._base_manager.filter(rule.condition, **{f"{rule.names[place]}__in": columns[place]})
    return {tuple(found): pk for pk, *found in rows.values_list("pk", *rule.names)}


def _one_by_one(model: Any, constraints: list[Any], draft: Draft) -> None:
    for one in constraints:
        try:
            one.validate(model, draft.record)
        except ValidationError as wrong:
            draft.explain(wrong)


# conditions of constraints, read without the database: equality, emptiness, and, or, not


def _can_be_read(condition: Q) -> bool:
    children: list[Any] = list(condition.children)
    return all(
        _can_be_read(child) if isinstance(child, Q) else child[0].partition("__")[2] in ("", "isnull", "exact")
        for child in children
    )


def _holds(condition: Q, record: Any) -> bool:
    found = list(_answers(condition, record))
    held = (any(found) if condition.connector == Q.OR else all(found)) if found else True
    return not held if condition.negated else held


def _answers(condition: Q, record: Any) -> Iterator[bool]:
    children: list[Any] = list(condition.children)
    for child in children:
        if isinstance(child, Q):
            yield _holds(child, record)
            continue
        name, _sep, lookup = child[0].partition("__")
        value = getattr(record, record._meta.get_field(name).attname)
        yield (value is None) == child[1] if lookup == "isnull" else value == child[1]
