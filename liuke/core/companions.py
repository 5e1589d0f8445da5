"""A record of another entity that may be entered in the same save: a new customer's first opportunity (CUST-02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from liuke.core.forms import record_form
from liuke.core.hallway import create
from liuke.core.register import resource

if TYPE_CHECKING:
    from liuke.core.models import Record
    from liuke.core.resource import Resource


@dataclass(frozen=True)
class Companion:
    """What may come along: its Resource, the field that links it, what it has from the first record, what is asked."""

    name: str
    label: Any  # beside the box that asks for it
    link: str
    taken: dict[str, str]  # field of it: field of the first record
    fields: tuple[str, ...]  # beside those that people must fill in


_companions: dict[type[Record], list[Companion]] = {}


def accompany(model: type[Record], companion: Companion) -> None:
    """Sign in what may be entered together with a new record of this model."""
    _companions.setdefault(model, []).append(companion)


def companions_of(first: Resource, user: Any, sent: Any = None) -> list[Beside]:
    """Those that this person may enter, with what was sent for them."""
    known = _companions.get(first.model, [])
    return [Beside(one, user, sent) for one in known if resource(one.name).may(user, "create")]


class Beside:
    """One companion on a form: its own small form, looked at only where its box is ticked."""

    def __init__(self, companion: Companion, user: Any, sent: Any = None) -> None:
        self.companion, self.user = companion, user
        self.box = f"with-{companion.name}"
        self.asked = bool(sent and self.box in sent)
        self.form: Any = record_form(
            resource(companion.name), user, data=sent if self.asked else None, prefix=companion.name,
            use_required_attribute=False,
        )  # fmt: skip
        self._narrow()

    def _narrow(self) -> None:
        """Without what it has from the first record, nor what is neither wanted nor required."""
        given = {self.companion.link, *self.companion.taken}
        kept = {*self.companion.fields, *(one.path for one in self.form.added)}
        for name, field in list(self.form.fields.items()):
            if name in given or not (field.required or name in kept):
                del self.form.fields[name]

    @property
    def fields(self) -> list[Any]:
        names = [name for _title, names in self.form.groups for name in names]
        return [self.form[name] for name in names if name in self.form.fields]

    def enter(self, first: Record) -> None:
        """Make it. Raises ValidationError with the form it belongs to, or Refused."""
        new = self.form.instance
        for name, source in self.companion.taken.items():
            setattr(new, name, getattr(first, source))
        setattr(new, self.companion.link, first)
        try:
            create(self.form.resource, self.user, self.form)
        except ValidationError as wrong:
            wrong.form = self.form  # type: ignore[attr-defined]
            raise
