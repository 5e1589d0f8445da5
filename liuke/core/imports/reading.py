"""From a line of the file to a draft: each cell goes to its field, and the record that is meant is found."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import DecimalField

from liuke.core.forms import required_fields
from liuke.core.imports import cells, days
from liuke.core.imports.finders import Finder, Unknown, several
from liuke.core.imports.sheets import Source
from liuke.core.imports.targets import targets_of
from liuke.core.many import Draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liuke.core.imports.targets import Target
    from liuke.core.models import Import
    from liuke.core.resource import Resource

    Line = tuple[int, list[Any]]

LOOKED_AT = 20_000  # rows, to learn how days are written


class Reader:
    """Understands the lines of one import."""

    def __init__(self, of: Import, resource: Resource) -> None:
        self.of, self.resource = of, resource
        self.targets = targets_of(resource, of.user)
        self.columns = [(place, self.targets[name]) for place, name in enumerate(of.columns) if name in self.targets]
        self.constants = [(self.targets[name], text) for name, text in of.constants.items() if name in self.targets]
        self.orders = self._orders()
        self.finders = {
            target.name: Finder(target, of.user)
            for target in [*(t for _place, t in self.columns), *(t for t, _text in self.constants)]
            if target.kind in ("reference", "many")
        }
        self.words_of = {name: _rating_words(target) for name, target in self.targets.items()}
        self.initial = {
            name: value for name, value in resource.initial(of.user).items() if name in resource.field_names
        }
        self.required = required_fields(resource) if hasattr(resource.model, "incomplete") else []
        self.unknown: dict[str, dict[str, int]] = {}  # {field: {word: how often}}, for the value table

    def _orders(self) -> dict[int, str]:
        """In which columns days are written with the year last, and whether their months stand first."""
        places = [place for place, target in self.columns if target.kind in ("date", "datetime")]
        return days.orders(islice(Source(self.of.file, self.of.options).rows(), LOOKED_AT), places) if places else {}

    def drafts(self, lines: Sequence[Line]) -> list[Draft]:
        """New records with everything the lines say; what could not be understood stands in their errors."""
        sent = [self._sent(row) for _number, row in lines]
        for name, finder in self.finders.items():
            target = self.targets[name]
            found = (cell for row in sent if (cell := row.get(name)) is not None)
            finder.load(word for cell in found for word in _words(target, cell))
        return [self._draft(row) for row in sent]

    def _sent(self, row: list[Any]) -> dict[str, Any]:
        """{field: cell}, with constants, and the texts that stand for empty cells and for words of the file."""
        sent: dict[str, Any] = {}
        for place, target in self.columns:
            cell = row[place] if place < len(row) else None
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                cell = self.of.empties.get(target.name)
            if order := self.orders.get(place):
                cell = days.with_year_first(cell, order)
            words = self.of.words.get(target.name)
            if words and isinstance(cell, str) and cell.strip() in words:
                cell = words[cell.strip()]
            sent[target.name] = None if cell == "" else cell
        for target, text in self.constants:
            sent[target.name] = text
        return sent

    def _draft(self, sent: dict[str, Any]) -> Draft:
        values: dict[str, Any] = {}
        state: dict[str, Any] = {}
        many: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        number = ""
        for name, cell in sent.items():
            target = self.targets[name]
            if cell is None:
                continue
            try:
                value = self._value(target, cell)
            except ValidationError as wrong:
                errors[name] = wrong.messages
                continue
            if target.is_key:
                number = value
            elif target.kind == "many":
                many[name] = value
            else:
                (state if target.is_state else values)[name] = value
        draft = Draft(self.resource.model(), values, many, state, errors)
        draft.number = number
        return draft

    def fresh(self, draft: Draft) -> None:
        """Fill in what a new record starts with."""
        for name, value in self.initial.items():
            draft.values.setdefault(name, value)
        if any((draft.values | draft.added).get(name) in (None, "") for name in self.required):
            draft.memory["incomplete"] = True
            draft.record.incomplete = True

    def _value(self, target: Target, cell: Any) -> Any:
        try:
            if target.kind == "reference":
                return self.finders[target.name].find(cells.text(cell))
            if target.kind == "many":
                return self.finders[target.name].find_all(cell)
            if words := self.words_of[target.name]:
                return _choice(words, cell)
        except Unknown as wrong:
            known = self.unknown.setdefault(target.name, {})
            if wrong.word in known or len(known) < 200:
                known[wrong.word] = known.get(wrong.word, 0) + 1
            raise
        if isinstance(target.field, DecimalField):
            return cells.decimal(cell)
        return cells.READERS.get(target.kind, cells.text)(cell)


def _words(target: Target, cell: Any) -> list[str]:
    try:
        return several(cell) if target.kind == "many" else [cells.text(cell)]
    except ValidationError:  # told where the cell is read
        return []


def _rating_words(target: Target) -> dict[str, Any]:
    """{text: value} of a field with choices: the stored value and what people read, both as they are written."""
    if target.kind == "choice":
        return {**{str(label): key for key, label in target.field.flatchoices},
                **{str(key): key for key, _label in target.field.flatchoices}}  # fmt: skip
    if hasattr(target.field, "words"):  # a rating, with the words of a dictionary category
        return {
            text: int(value)
            for value, label in target.field.words()
            if value
            for text in (str(value), str(label), str(label).partition(" ")[2])
        }
    return {}


def _choice(words: dict[str, Any], cell: Any) -> Any:
    word = cells.text(cell)
    for one in (word, cells.plain(cell)):
        if one in words:
            return words[one]
    lower = {text.lower(): value for text, value in words.items()}
    if word.lower() in lower:
        return lower[word.lower()]
    raise Unknown(word)
