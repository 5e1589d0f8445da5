"""Rows in the order of an added field. Whatever has no value stands last, up and down.

Few rows are sorted by a look at the value of each. Many are found by the index of the values, which has them in order:
the arms below, one after the other, each asked only while rows are wanting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import OrderBy

from liuke.core.extras import Extra, Place
from liuke.core.subqueries import Among, Chosen, InTurn

from .custom_conditions import narrows, told_of
from .custom_fields import CustomValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liuke.core.listing import Question

TOGETHER = 20  # entries of the dictionary that are asked for at once


@dataclass(frozen=True)
class Order:
    """By the values of one field; by the entries of the dictionary, as they stand there, where it is a choice."""

    extra: Extra
    down: bool
    entries: tuple[int, ...]

    # few: sorted

    def sorted(self, rows: QuerySet, behind: Place | None) -> QuerySet:
        own = CustomValue.objects.filter(field=self.extra.key, record=OuterRef("pk"))
        found = rows.alias(at=Subquery(own.values(at=self._at)[:1], output_field=self._kind))
        if behind:
            found = found.filter(self._behind("at", "pk", behind) | (Q(at=None) if behind.value is not None else Q()))
        return found.order_by(OrderBy(F("at"), descending=self.down, nulls_last=True), self._by("pk"))

    @property
    def _at(self) -> Any:
        """What is sorted by: a value, or the place of an entry."""
        if not self._is_choice:
            return F(self.extra.column)
        whens = [When(item=pk, then=Value(place)) for place, pk in enumerate(self.entries)]
        return Case(*whens, output_field=IntegerField())  # a category may have no entry left

    @property
    def _kind(self) -> Any:
        return IntegerField() if self._is_choice else CustomValue._meta.get_field(self.extra.column)

    # many: found in order

    def leads(self, question: Question) -> bool:
        """Whether the values are the way to the rows, however few these are."""
        return narrows(self.extra, question)

    def arms(self, question: Question, behind: Place | None) -> Iterator[Any]:
        """What to ask for one after the other: keys that `arm` understands."""
        told = told_of(self.extra, question)
        if any(one == self._filled and negated for one, negated in told):
            yield None
            return
        if not behind or behind.value is not None:
            yield from self._valued(behind)
        if all(negated for _one, negated in told):
            yield None

    def _valued(self, behind: Place | None) -> Iterator[Any]:
        if not self._is_choice:
            yield ()
            return
        entries = self.entries[:: -1 if self.down else 1]
        start = entries.index(self.entries[behind.value]) if behind else 0
        yield from (entries[n : n + TOGETHER] for n in range(start, len(entries), TOGETHER))

    def arm(self, key: Any, question: Question, behind: Place | None, most: int) -> QuerySet:
        """The ids of the first `most` rows of one arm, with what they are in order by in front."""
        if key is None:
            return self._empty(question, behind, most)
        if not self._is_choice:
            column = self.extra.column
            values = self._asked(question, self._filled)
            values = values.filter(self._behind(column, "record", behind)) if behind else values
            return values.order_by(self._by(column), self._by("record")).values_list(column, "record")[:most]
        some = [self._of_entry(pk, question, behind, most) for pk in key]
        return some[0].union(*some[1:], all=True).order_by("place", self._by("record"))[:most]

    def _of_entry(self, pk: int, question: Question, behind: Place | None, most: int) -> QuerySet:
        """A limit within a union is asked for in a question of its own: SQLite takes it nowhere else."""
        values = self._asked(question, Q(item=pk))
        if behind and self.entries[behind.value] == pk:
            values = values.filter(**{f"record__{self._step}": behind.pk})
        first = Chosen(values.order_by(self._by("record")).values("record")[:most])
        place = Value((-1 if self.down else 1) * self.entries.index(pk))
        own = CustomValue.objects.filter(Among(F("record"), first), field=self.extra.key)
        return own.annotate(place=place).values_list("place", "record")

    def _asked(self, question: Question, condition: Q) -> QuerySet:
        """The values whose records are asked for. What is asked of this very field is asked of them: it may be rare."""
        told = [~one if negated else one for one, negated in told_of(self.extra, question)]
        records = question.rows().order_by().filter(pk=OuterRef("record"))
        return CustomValue.objects.filter(condition, *told, InTurn(records), field=self.extra.key)

    def _empty(self, question: Question, behind: Place | None, most: int) -> QuerySet:
        own = CustomValue.objects.filter(self._filled, field=self.extra.key, record=OuterRef("pk"))
        rows = question.rows().filter(~Exists(own))
        if behind and behind.value is None:
            rows = rows.filter(**{f"pk__{self._step}": behind.pk})
        return rows.order_by(self._by("pk")).values_list(Value(0), "pk")[:most]

    # both

    def place(self, value: Any, pk: int) -> Place:
        """Where a cursor stands. Raises ValidationError or ValueError for a value this field cannot have."""
        if value is None:
            return Place(None, pk)
        if self._is_choice:
            return Place(self.entries.index(int(value)), pk)
        try:
            field: Any = self.extra.field
            return Place(field.clean(value, None), pk)
        except ArithmeticError as wrong:
            raise ValidationError(str(wrong)) from None

    def _behind(self, column: str, record: str, behind: Place) -> Q:
        further = Q(**{f"{record}__{self._step}": behind.pk})
        if behind.value is None:
            return Q(**{f"{column}__isnull": True}) & further
        found = Q(**{f"{column}__{self._step}": behind.value}) | Q(**{column: behind.value}) & further
        return found & Q(**{f"{column}__{self._step}e": behind.value})  # says it once more, as an index reads it

    @property
    def _is_choice(self) -> bool:
        return self.extra.column == "item"

    @property
    def _filled(self) -> Q:
        return Q(**{f"{self.extra.column}__isnull": False})

    @property
    def _step(self) -> str:
        return "lt" if self.down else "gt"

    def _by(self, name: str) -> str:
        return f"-{name}" if self.down else name
