"""Records that cells name: by number, user name, dictionary value or entry, or a name only one has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from liuke.core.imports import cells
from liuke.core.register import has_resource, resource_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liuke.core.imports.targets import Target

CODES = ("number", "username", "code", "value")  # what names a record for certain
FEW = 500


class Finder:
    """Finds the records that one column names, in the range of the person's own choices."""

    def __init__(self, target: Target, user: Any) -> None:
        field = target.field
        self.model: Any = field.related_model
        rows = resource_of(self.model).choices(user) if has_resource(self.model) else self.model._base_manager.all()
        self.rows = rows.complex_filter(field.get_limit_choices_to()).order_by()
        own = {one.name for one in self.model._meta.concrete_fields}
        self.codes = [name for name in CODES if name in own]
        self.text = self.model.TEXT if self.model.TEXT in own and self.model.TEXT != "id" else ""
        self.by_code: dict[str, Any] = {}
        self.by_text: dict[str, list[Any]] = {}
        self.asked: set[str] = set()
        self.knows_all = False

    def load(self, words: Iterable[str]) -> None:
        """Read what a batch of cells names, in one question; a short list is read once and whole."""
        if self.knows_all:
            return
        if not self.asked and not self.model.MANY and len(some := list(self.rows[: FEW + 1])) <= FEW:
            self.knows_all = True
            self._keep(some)
            return
        new = {word for word in words if word} - self.asked
        if new:
            self.asked |= new
            named = Q()
            for name in (*self.codes, *([self.text] if self.text else [])):
                named |= Q(**{f"{name}__in": new})
            self._keep(self.rows.filter(named))
        if len(self.asked) > 20_000:  # constant memory: rather ask again
            self.asked.clear()
            self.by_code.clear()
            self.by_text.clear()
            self.load(words)

    def _keep(self, records: Iterable[Any]) -> None:
        for one in records:
            for name in self.codes:
                self.by_code.setdefault(str(getattr(one, name)), one)
            if self.text:
                same = self.by_text.setdefault(str(getattr(one, self.text)), [])
                if one not in same:
                    same.append(one)

    def find(self, word: str) -> Any:
        if word in self.by_code:
            return self.by_code[word]
        found = self.by_text.get(word, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(
                _("“%(value)s” is the name of %(n)s records: give the number") % {"value": word, "n": len(found)}
            )
        raise Unknown(word)

    def find_all(self, cell: Any) -> list[Any]:
        return [self.find(word) for word in several(cell)]


def several(cell: Any) -> list[str]:
    return [
        word.strip() for word in cells.text(cell).replace("，", "、").replace(",", "、").split("、") if word.strip()
    ]


class Unknown(ValidationError):
    """A word nobody knows: the value table may say what is meant by it."""

    def __init__(self, word: str) -> None:
        super().__init__(_("“%(value)s” is not known, or you may not choose it") % {"value": word[:100]})
        self.word = word
