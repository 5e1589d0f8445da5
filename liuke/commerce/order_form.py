"""The form of an order, which carries its lines in the same save (ORD-03, HORD-03)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from liuke.core.field_rights import seen_by
from liuke.core.forms import RecordForm, record_form
from liuke.core.pages import ConflictLine
from liuke.core.refusals import Stale
from liuke.core.register import resource

from .line_form import OrderLineForm, told
from .models import OrderLine
from .models.orders import SETS_STATE

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LINES, BLANK = 200, 3
MOST_ROWS = 400  # more do not come in one form: it has at most 2,000 fields
ROW = re.compile(r"line-(\d{1,4})-")
COUNT = re.compile(r"\d{1,4}")


class OrderForm(RecordForm):
    """An order and, on its page, its lines: `lines` tells how many of them were sent, as line-0-…, line-1-….

    What a person may do with order lines he may do here, and no more.
    """

    def prepare(self) -> None:
        self.fields["external_id"].widget.attrs["autocomplete"] = "off"
        if not resource("orders").may(self.user, "set_status"):
            for name in SETS_STATE:
                del self.fields[name]
        for name in SETS_STATE & self.fields.keys():
            self.fields[name].required = False  # left out, it is valid and just entered

    @property
    def groups(self) -> list[tuple[Any, Any]]:
        return [(title, [name for name in names if name in self.fields]) for title, names in super().groups]

    # the rows

    @cached_property
    def lines(self) -> list[OrderLineForm]:
        """Those that were sent; else those there are, and some blank ones."""
        if self.is_bound:
            sent = [(n, str(self.data.get(f"line-{n}-id", ""))) for n in self._sent]
            return [self._line(n, self._known.get(pk), gone=pk not in ("", *self._known)) for n, pk in sent]
        if self.are_many:
            return []
        known = list(self._known.values())
        blank = BLANK if self.may_add else 0
        return [self._line(n, known[n] if n < len(known) else None) for n in range(len(known) + blank)]

    @cached_property
    def _sent(self) -> Sequence[int]:
        """The numbers of the rows that came, also those that are too many: nothing that was typed is lost."""
        told_count = str(self.data.get("lines", "") or 0)
        count = int(told_count) if COUNT.fullmatch(told_count) else 0
        found = {int(row[1]) for name in self.data if (row := ROW.match(name))}
        if "lines" not in self.data and not found:
            return ()
        return range(max(count, *(n + 1 for n in found), 0))[:MOST_ROWS]

    @cached_property
    def _known(self) -> dict[str, OrderLine]:
        if not self.instance.pk:
            return {}
        rows = OrderLine.objects.visible_to(self.user).filter(order=self.instance.pk).order_by("id")
        return {str(line.pk): line for line in rows}

    @property
    def are_many(self) -> bool:
        """More than one page holds: they are changed one by one."""
        return len(self._known) > MOST_LINES

    @property
    def shows_lines(self) -> bool:
        lines = seen_by(resource("order-lines"), self.user)
        if lines.secret:
            return False  # a row shows all of a line
        return self.may_add or lines.may(self.user, "view")

    @cached_property
    def may_add(self) -> bool:
        return resource("order-lines").may(self.user, "create")

    @cached_property
    def _reached(self) -> dict[str, set[int]]:
        """For each act the lines of this order it reaches."""
        rows, asked = (
            OrderLine.objects.filter(pk__in=[line.pk for line in self._known.values()]),
            resource("order-lines"),
        )
        return {act: set(rows.filter(asked.where(self.user, act)).values_list("pk", flat=True))
                for act in ("update", "delete") if self._known}  # fmt: skip

    @cached_property
    def blank_line(self) -> OrderLineForm:
        """What a further row is made of in the browser."""
        return self._line("NEW", None)

    def _line(self, n: int | str, line: OrderLine | None, gone: bool = False) -> OrderLineForm:
        kwargs = {"data": self.data} if self.is_bound and n != "NEW" else {}
        acts = frozenset(act for act, reached in self._reached.items() if line and line.pk in reached)
        made: Any = record_form(resource("order-lines"), self.user, line, prefix=f"line-{n}", acts=acts, **kwargs)
        made.gone = gone and bool(self.instance.pk)
        return made

    # what came

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._look_at_count()
        for n, line in enumerate(self.lines, start=1):
            if line.says_something and not line.instance.pk and not self.may_add:
                self._refuse(n, _("you may not add lines to orders"))
            elif not line.is_left_out and not line.is_valid():
                self._refuse(n, "；".join(line.complaints()))
        return cleaned

    def _look_at_count(self) -> None:
        if not COUNT.fullmatch(str(self.data.get("lines", "") or 0)):
            self.add_error(None, _("Order lines: their number did not arrive. Reload the page and enter them again"))
        elif sum(not line.is_left_out for line in self.lines) > MOST_LINES or len(self._sent) == MOST_ROWS:
            text = _(
                "Order lines: at most %(most)s are saved with an order. Remove some, and enter them afterwards in the "
                "list of order lines or import them from a file"
            )
            self.add_error(None, text % {"most": MOST_LINES})

    def _refuse(self, n: int, what: str) -> None:
        self.add_error(None, ValidationError(_("Line %(n)s: %(what)s") % {"n": n, "what": what}))

    @property
    def has_more(self) -> bool:
        return any(line.says_something for line in self.lines) if self.is_bound else False

    def save_more(self, record: Any, by: Any) -> None:
        for n, line in enumerate(self.lines if self.is_bound else (), start=1):
            if not line.says_something:
                continue
            if line.gone:  # somebody has removed it since: it does not come back unasked
                raise Stale(record)
            try:
                line.write(record, by)
            except ValidationError as wrong:
                what = "；".join(wrong.messages)
                raise ValidationError({"__all__": [_("Line %(n)s: %(what)s") % {"n": n, "what": what}]}) from wrong

    # beside what somebody else has saved

    def disputed(self, record: Any) -> tuple[list[ConflictLine], dict[str, str]]:
        """Each line that was sent beside what it is now; of two that differ a person chooses."""
        self.__dict__.pop("_known")  # read again: looking at what was sent has written into them
        now = self._known
        rows, carried = [], {"lines": str(len(self.lines))}
        for n, line in zip(self._sent, self.lines, strict=True):
            if line.is_left_out and not (line.is_away and line.instance.pk):
                continue
            theirs = now.pop(str(line.instance.pk), None)
            carried |= line.sent | ({f"line-{n}-id": str(theirs.pk)} if theirs else {})
            removed = line.gone or bool(line.instance.pk and not theirs)
            present = _("Removed") if removed else told(theirs)
            rows.append(ConflictLine(f"line-{n}-keep", _("Line %(n)s") % {"n": n + 1}, line.words, present,
                                     line.differs(theirs), "mine", "theirs", theirs_first=removed))  # fmt: skip
        rows += [ConflictLine("", _("Added in the meantime"), "", told(line), differs=False) for line in now.values()]
        return rows, carried
