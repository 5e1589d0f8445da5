"""`Report`: one question people ask again and again. Declare it, and `register_report` opens its doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _

from liuke.core import menu
from liuke.core.access import NOBODY
from liuke.core.doors.addresses import SHAPE, STEPS, Address
from liuke.core.field_rights import rights_of
from liuke.core.pages import FilterBox, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Q

    from .sheet import Column, Line, Sheet


@dataclass
class Asked:
    """The question of one person: parameters of an address, and what is wrong with them."""

    report: Report
    user: Any
    params: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)
    action: str = "view"  # or "export": what leaves the house may reach less far

    def get(self, name: str) -> str:
        return str(self.params.get(name, "")).strip()

    def refuse(self, name: str) -> None:
        """Note that a parameter cannot be read; the answer leaves it out."""
        value = self.params.get(name, "")
        self.errors.setdefault(name, []).append(_("“%(value)s” is not a valid value") % {"value": value})

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A number in these bounds, or None, noted as an error where something else was sent."""
        text = self.get(name)
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 19 and low <= int(text) <= high:
            return int(text)
        self.refuse(name)
        return None

    def one_of(self, name: str, keys: Iterable[str], default: str = "") -> str:
        """One of these words."""
        text = self.get(name)
        if not text or text in keys:
            return text or default
        self.refuse(name)
        return default

    @property
    def address(self) -> Here:
        return Here(self.report, self.params)  # type: ignore[arg-type]


class Here(Address):
    """The address of a report, from which others are made."""

    @property
    def home(self) -> str:
        return self.resource.home  # type: ignore[attr-defined]  # a report stands in the place of a Resource


class Report:
    """One report. Declare the attributes; `sheet` answers the question."""

    name: ClassVar[str]  # of its address: /reports/NAME/
    title: ClassVar[Any]
    grant: ClassVar[str]  # what people must be granted, see core.grantable; its acts are view and export
    params: ClassVar[tuple[str, ...]] = ()  # that its address may carry
    icon: ClassVar[str] = "chart-bar"
    menu: ClassVar[tuple[str, int]] = ("reports", 50)
    chart: ClassVar[str] = ""  # a class of the chart: "tall" for many lines
    in_api: ClassVar[bool] = True
    made_of: ClassVar[tuple[str, ...]] = ()  # fields, such as "orders.amount": hidden one of them, it is closed
    paged: ClassVar[bool] = False  # whether it shows a page of its lines at a time

    @property
    def home(self) -> str:
        return f"/reports/{self.name}/"

    # who may, and of which rows

    def may(self, user: Any, action: str = "view") -> bool:
        return user.reach(self.grant, action) is not None

    def is_open_to(self, user: Any, action: str = "view") -> bool:
        """The same, and that nothing the figures are made of is hidden from the person: they would tell it."""
        hidden = {".".join(one) for one in rights_of(user).hidden}
        return self.may(user, action) and hidden.isdisjoint(self.made_of)

    def range(self, user: Any, action: str, own: tuple[str, ...]) -> Q:
        """The rows the report may tell this person of; `own` names the fields that say whose a row is."""
        reach = user.reach(self.grant, action)
        return reach.rows(user, own) if reach else NOBODY

    # the question

    def ask(self, user: Any, params: dict[str, Any], action: str = "view") -> Asked:
        asked = Asked(self, user, params, action=action)
        for name in params:
            if name not in self.params and not (self.paged and name in STEPS):
                asked.errors[name] = [_("There is no such parameter")]
        return asked

    # the answer

    def columns(self, asked: Asked) -> tuple[Column, ...]:
        raise NotImplementedError

    def sheet(self, asked: Asked) -> Sheet:
        """What the page shows: of a long answer one page."""
        raise NotImplementedError

    def lines(self, asked: Asked) -> Iterator[Line]:
        """All lines, for files."""
        yield from self.sheet(asked).lines

    def count(self, asked: Asked) -> int:
        """How many lines a file would have, never counted far past what is written at once."""
        return 0

    # what stands around it

    def heading(self, asked: Asked) -> str:
        """What the chart and the table are called: the report, and how it counts."""
        return str(self.title)

    def standing(self) -> str:
        """Something that holds for all of its figures: that they come from elsewhere, say; "" for nothing."""
        return ""

    def scenes(self, asked: Asked) -> list[Link]:
        return []

    def ways(self, asked: Asked) -> list[Link]:
        """Several ways to count, one of which is on."""
        return []

    def filters(self, asked: Asked) -> list[FilterBox]:
        return []

    def chips(self, asked: Asked) -> list[Link]:
        """What is filtered on, each with the address without it."""
        return [Link(f"{box.label} {_words(box)}", _without(asked, box)) for box in self.filters(asked) if box.is_on]

    def search(self, asked: Asked) -> str | None:
        """What is in the search box; None where there is none."""
        return None

    def keeps(self) -> tuple[str, ...]:
        """Parameters that are no filter: they stay when filters are cleared."""
        return tuple(SHAPE)


def _words(box: FilterBox) -> str:
    if box.kind == "choice":
        return dict(box.choices).get(box.value, box.value)
    return f"{box.value} ～ {box.until}" if box.kind == "range" else box.value


def _without(asked: Asked, box: FilterBox) -> str:
    names = [f"{box.name}__gte", f"{box.name}__lte"] if box.kind == "range" else [box.name]
    return asked.address.but(**dict.fromkeys(names))


_reports: dict[str, Report] = {}


def register_report(cls: type[Report]) -> type[Report]:
    """Class decorator: sign a report in, with its entry in the menu."""
    made = cls()
    _reports[made.home] = made
    group, order = made.menu
    menu.declare_entry(group, order, made.title, made.home, made.icon, made.is_open_to)
    return cls


def reports() -> Iterator[Report]:
    yield from _reports.values()


def report(name: str) -> Report:
    """The report of the address /reports/NAME/. Raises KeyError."""
    return _reports[f"/reports/{name}/"]
