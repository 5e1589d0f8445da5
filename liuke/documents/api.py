"""Files of a record by token: list, add by multipart, fetch, remove, put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from liuke.core import files
from liuke.core.api.answers import Json
from liuke.core.api.door import no_parameters
from liuke.core.refusals import Replayed

from .models import Attachment
from .shelf import Shelf
from .uploads import received, weigh

if TYPE_CHECKING:
    from django.http import HttpRequest

    from liuke.core.resource import Resource


class Files:
    """The operations on the files of one Resource's records."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource

    def list(self, request: HttpRequest, pk: int) -> HttpResponse:
        shelf = Shelf.find(request.user, self.resource, pk)
        no_parameters(request)
        items = [told(one) for one in shelf.rows]
        return Json({"items": items, "count": len(items), "count_is_capped": False, "next": None})

    def add(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One file a request, in the part `files`; a repeated Idempotency-Key answers with the first one."""
        shelf = Shelf.find(request.user, self.resource, pk)
        shelf.must_allow()
        no_parameters(request)
        word = request.headers.get("Idempotency-Key", "")
        if len(word) > 200:
            raise ValidationError({"Idempotency-Key": [_("At most 200 characters")]})
        scales = weigh(request)
        sent = received(request, scales)
        try:
            if len(sent) > 1:
                raise ValidationError(_("Send one file at a time"))
            body = [[one.name, one.size] for one in sent]
            return Json(told(shelf.add(sent, (request.path, word, body))[0]), status=201)
        except Replayed as replayed:
            return Json(told(replayed.record))
        except ValidationError as wrong:
            raise wrong if hasattr(wrong, "error_dict") else ValidationError({"files": wrong.messages}) from None

    def read(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        """The file itself."""
        kept = Shelf.find(request.user, self.resource, pk).file(file)
        no_parameters(request)
        try:
            return files.answer(kept.path, kept.name)  # type: ignore[return-value]
        except FileNotFoundError:
            raise Http404 from None

    def remove(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        shelf = Shelf.find(request.user, self.resource, pk)
        kept = shelf.file(file)
        shelf.must_allow(kept)
        no_parameters(request)
        shelf.remove(kept)
        return HttpResponse(status=204)

    def restore(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        shelf = Shelf.find(request.user, self.resource, pk)
        kept = shelf.file(file, deleted=True)
        shelf.must_allow(kept)
        no_parameters(request)
        shelf.restore(kept)
        return Json(told(kept))


def told(file: Attachment) -> dict[str, Any]:
    return {
        "id": file.pk,
        "name": file.name,
        "size": file.size,
        "created_by": file.created_by_id,
        "created_by__text": str(file.created_by) if file.created_by else None,
        "created_at": file.created_at.isoformat(),
    }
