"""List, read, enter, change, delete and act, for every Resource of the register."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from liuke.core.api.answers import Json, record_answer
from liuke.core.api.door import body_of, no_parameters
from liuke.core.api.input import change_form, entry_form, take_version, verb_form
from liuke.core.api.shapes import as_json, fetches, with_many
from liuke.core.doors.addresses import asked
from liuke.core.doors.common import find, find_for, require
from liuke.core.guarded import veiled
from liuke.core.hallway import act, enter, revise, with_key
from liuke.core.listing import COUNT_CAP, Listing, Reader
from liuke.core.models import OneTimeKey
from liuke.core.purging import for_good
from liuke.core.refusals import Refused, Replayed

if TYPE_CHECKING:
    from collections.abc import Callable

    from liuke.core.models import Record
    from liuke.core.resource import Resource

DEFAULT_LIMIT, LARGEST_LIMIT = 20, 200
NOT_HERE = {"scene", "page", "tab", "ids", "columns", "view"}  # parameters of pages only


class Records:
    """The operations on one Resource; each takes a request and gives an answer."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource

    def list(self, request: HttpRequest) -> HttpResponse:
        require(request.user, self.resource, "view")
        listing = Listing(self.resource, request.user, asked(request.GET))
        limit = _check(listing)
        cursor = request.GET.get("after")
        read = Reader(frozenset(fetches(self.resource)))
        found = listing.page_after(cursor, limit + 1, read) if cursor else listing.page(0, limit + 1, read)
        told = with_many(self.resource, [as_json(self.resource, row) for row in found[:limit]])
        return Json(
            {
                "items": veiled(self.resource, request.user, told),
                "count": min(listing.count, COUNT_CAP),
                "count_is_capped": listing.count > COUNT_CAP,
                "next": _next(request, listing, found[limit - 1]) if len(found) > limit else None,
            }
        )

    def read(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(request.user, self.resource, "view")
        record = find(request.user, self.resource, pk)
        no_parameters(request)
        return record_answer(self.resource, request.user, record.pk)

    def create(self, request: HttpRequest) -> HttpResponse:
        require(request.user, self.resource, "create")
        no_parameters(request)
        body = body_of(request)

        def work(key: Any) -> Record:
            return enter(self.resource, request.user, entry_form(self.resource, request.user, body), key)

        return self.once(request, body, work, 201)

    def change(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = find_for(request.user, self.resource, pk, "update")
        no_parameters(request)
        body = body_of(request)
        version = take_version(body)
        form = change_form(self.resource, request.user, record, body)
        revise(self.resource, request.user, record, form, version)
        return record_answer(self.resource, request.user, pk)

    def delete(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = find_for(request.user, self.resource, pk, "delete")
        no_parameters(request)
        record.delete(by=request.user)
        return HttpResponse(status=204)

    def purge(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = find_for(request.user, self.resource, pk, "purge")
        no_parameters(request)
        for_good(record, request.user)
        return HttpResponse(status=204)

    def act(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        require(request.user, self.resource, name)
        if "Idempotency-Key" not in request.headers:
            find_for(request.user, self.resource, pk, name)  # 404 and 409 come before what is wrong with the body
        no_parameters(request)
        body = body_of(request)
        told: dict[str, Any] = {}

        def work(key: Any) -> Record:
            record = find_for(request.user, self.resource, pk, name)
            return with_key(request.user, key, partial(self._run, request.user, record, name, body, told))

        return self.once(request, body, work, 200, told)

    def _run(self, user: Any, record: Record, name: str, body: dict[str, Any], told: dict[str, Any]) -> Record:
        verb = self.resource.verb(name)
        result = act(record, name, user, verb_form(verb, record, user, body))
        if verb and verb.tells:
            told[verb.tells] = result
        return result if isinstance(result, type(record)) else record  # a verb that makes another one tells that

    def _first(self, user: Any, record: Any) -> HttpResponse:
        """The answer to a key that was used before. What the person may no longer see is only named."""
        if record is not None and self.resource.find(user, record.pk):
            return record_answer(self.resource, user, record.pk)
        return Json({"id": record.pk if record is not None else None})

    def once(
        self, request: HttpRequest, body: Any, work: Callable[[Any], Record], status: int, told: Any = None
    ) -> HttpResponse:
        """Do the work, or answer with the first record when the same key came before (whatever its state is now)."""
        word = request.headers.get("Idempotency-Key", "")
        key = request.path.rstrip("/"), word, body
        if len(word) > 200:
            raise ValidationError({"Idempotency-Key": [_("At most 200 characters")]})
        try:
            OneTimeKey.seen(request.user, *key)
            try:
                record = work(key)
            except Refused:
                OneTimeKey.seen(request.user, *key)
                raise
        except Replayed as replayed:
            return self._first(request.user, replayed.record)
        return record_answer(self.resource, request.user, record.pk, status, told or {})


def _check(listing: Listing) -> int:
    """The page size; raises ValidationError naming every parameter that makes no sense."""
    listing.ordering  # noqa: B018  reads the parameter, and notes what is wrong with it
    for name in NOT_HERE & set(listing.params):
        listing.errors[name] = [_("There is no such parameter")]
    asked = listing.params.get("limit", str(DEFAULT_LIMIT))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= LARGEST_LIMIT):
        listing.errors["limit"] = [_("Enter a whole number from 1 to %(most)s") % {"most": LARGEST_LIMIT}]
    if listing.errors:
        raise ValidationError(listing.errors)
    return int(asked)


def _next(request: HttpRequest, listing: Listing, row: dict[str, Any]) -> str:
    query = request.GET.copy()
    query["after"] = listing.cursor(row)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
