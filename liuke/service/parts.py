"""What goes with its request: seen as far as the request is, written by the request's own verbs."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q

from liuke.core.access import NOBODY
from liuke.core.register import resource
from liuke.core.resource import Resource
from liuke.core.subqueries import InTurn

from .models import ServiceRequest

if TYPE_CHECKING:
    from liuke.accounts.models import User


class PartsOfRequests(Resource):
    @property
    def actions(self) -> list[str]:
        """What can be granted: they are made by the verbs of their request."""
        return ["view", "export"]

    def range(self, user: User, action: str) -> Q:
        """They go with their request."""
        if not self.may(user, action):
            return NOBODY
        requests: Any = resource("service-requests")
        if (told := requests.unseen(user, action)) is not None:  # nearly all: the list is walked in order
            few, rest = told
            return reduce(and_, (~Q(request__in=_those(rows)) for rows in few)) & (_in_turn(rest) if rest else Q())
        return Q(request__in=_seen(requests.range(user, action)))


@lru_cache(maxsize=1000)
def _those(rows: Q) -> Any:
    return ServiceRequest.objects.filter(rows).values("pk")


@lru_cache(maxsize=1000)
def _in_turn(rows: Q) -> Q:
    """Asked of each row as it comes by."""
    return Q(InTurn(ServiceRequest.objects.filter(rows, pk=OuterRef("request")).order_by().values("pk")))


@lru_cache(maxsize=1000)
def _seen(rows: Q) -> Any:
    """One and the same for the same range, so that questions with it in them can be told to be equal."""
    return ServiceRequest.objects.filter(rows, deleted_at=None).values("pk")
