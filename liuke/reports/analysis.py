"""What the analyses have in common: whose rows they tell of, and how a figure leads to the list that proves it.

A further analysis is declared beside these as a subclass of `Analysis`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuke.commerce.source import standing
from liuke.core import grantable, statements
from liuke.core.conditions import condition
from liuke.core.display import shown
from liuke.core.listing import Listing, Question
from liuke.core.register import resource, sign_scene
from liuke.core.reports.report import Report
from liuke.core.resource import Scene
from liuke.customers.models import Customer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

    from liuke.core.reports.report import Asked
    from liuke.core.resource import Resource

CUSTOMERS, DECISIONS = "customer-analyses", "decision-analysis"
SCENE = "analysed"

grantable.declare(CUSTOMERS, _("Customer analyses"), ("view", "export"))
grantable.declare(DECISIONS, _("Decision analysis"), ("view", "export"))


class Analysis(Report):
    """A report on rows of one entity, as far as both the entity and the analysis reach for the person."""

    entity: ClassVar[str] = "customers"
    own: ClassVar[tuple[str, ...]] = ("owner",)
    grant = CUSTOMERS

    def may(self, user: Any, action: str = "view") -> bool:
        """A figure leads to a list: who does not see the list sees no figures of it."""
        return super().may(user, action) and resource(self.entity).may(user, "view")

    def seen(self, asked: Asked) -> Q:
        """The rows of the entity that are told of, those in the recycle bin among them."""
        return resource(self.entity).range(asked.user, "view") & self.range(asked.user, asked.action, self.own)

    def list_url(self, asked: Asked, **filters: Any) -> str:
        """The entity's list with these filters, and no wider than the figures."""
        scene = {"scene": SCENE} if is_narrow(asked.user, self.grant) else {}
        params = {name: value for name, value in filters.items() if value not in ("", None)}
        if left_out := resource(self.entity).left_out:
            params.setdefault(left_out[0], "")  # asked for without a value: the list shows these rows as well
        return f"/{self.entity}/?{urlencode({**scene, **params}, doseq=True)}"


class OfOrders(Analysis):
    """One whose figures come from orders: it tells since when they are known (R31)."""

    def standing(self) -> str:
        return standing()


def is_narrow(user: Any, grant: str) -> bool:
    """Whether the person's analyses tell of some rows only."""
    reach = user.reach(grant, "view")
    return reach is not None and not reach.everything


def analysed_scene(model: type[Model], grant: str, own: tuple[str, ...]) -> None:
    """Give a list the scene of all rows the analyses tell this person of; without it their figures had no list."""

    def rows(_resource: Resource, user: Any) -> Q:
        from liuke.core.access import NOBODY

        reach = user.reach(grant, "view")
        return reach.rows(user, own) if reach else NOBODY

    sign_scene(model, Scene(SCENE, _("In my reports"), rows, shown_to=lambda user: is_narrow(user, grant)))


NAMED = 100  # letters of a name that are looked for
GATHERED = 30_000  # so many customers are named by their ids; of more, enough are met on the way down


def named(asked: Asked, param: str) -> Q:
    """Customers whose name holds the text: by the search index, but for common names, which one meets on the way."""
    text = asked.get(param)[:NAMED]
    try:
        holding = condition(shown(Customer, "name"), "contains", text) if text else Q()
    except (ValidationError, ValueError):
        asked.refuse(param)
        return Q()
    if not text:
        return holding
    listing = Listing(resource("customers"), asked.user, {"search": text, "name__contains": text}, most=GATHERED)
    if listing.few is not None:
        return Q(pk__in=tuple(sorted(listing.few)))
    if listing.count > GATHERED:
        return holding
    return Q(pk__listed=tuple(pk for (pk,) in statements.rows(_ids, listing.question)))


def _ids(question: Question) -> Any:
    return question.rows().order_by().values_list("pk")


def rows_of(build: Callable[..., Any], rows: Q | Question, *args: Any) -> list[Any]:
    """The rows of `build(rows, *args)`; what lists thousands of ids is not kept to be asked again."""
    conditions = rows.conditions if isinstance(rows, Question) else (rows,)
    if any(map(_lists_ids, conditions)):
        return list(build(rows, *args))
    return statements.rows(build, rows, *args)


def _lists_ids(rows: Q) -> bool:
    parts: list[Any] = [part for part in rows.children if part]
    return any(_lists_ids(one) if isinstance(one, Q) else one[0].endswith("__listed") for one in parts)


def of_customer(rows: Q) -> Q:
    """A condition on customers as one on what belongs to a customer."""
    parts: list[Any] = [part for part in rows.children if part]
    children = [of_customer(one) if isinstance(one, Q) else (_of_customer(*one)) for one in parts]
    return Q(*children, _connector=rows.connector, _negated=rows.negated)


def _of_customer(path: str, value: Any) -> tuple[str, Any]:
    return f"customer__{path}".replace("customer__pk", "customer", 1), value
