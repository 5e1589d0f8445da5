"""One act on many records: each by itself, in a transaction of its own, by the rights the person has at that moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from liuke.core import clock, files, purging
from liuke.core.display import shown
from liuke.core.doors.common import find_for
from liuke.core.errands import Outcome, Progress, errand
from liuke.core.hallway import act, revise, saved
from liuke.core.patches import patched_form
from liuke.core.refusals import Forbidden, Refused
from liuke.core.register import resource as resource_named
from liuke.core.tables import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from liuke.core.models import Errand
    from liuke.core.resource import Resource

AT_ONCE = 500  # so many are done while somebody waits; more go to the background
MOST = 10_000
TOLD = 50  # failures an errand tells in words
CHUNK = 1000


class Failure(NamedTuple):
    pk: int
    reason: str


@dataclass
class Told:
    """What came of it: how many were done, and why the others were not."""

    done: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return len(self.failures)


def run(resource: Resource, user: Any, name: str, ids: Iterable[int], sent: QueryDict) -> Told:
    """Do the act to each of the records. `sent` is what the dialog asked for."""
    told = Told()
    for pk in dict.fromkeys(ids):
        if reason := refusal(resource, user, name, pk, sent):
            told.failures.append(Failure(pk, reason))
        else:
            told.done += 1
    return told


def refusal(resource: Resource, user: Any, name: str, pk: int, sent: QueryDict) -> str:
    """Do the act to one record. Returns why it was not done, or nothing."""
    try:
        _do(resource, _as_of_now(user), name, pk, sent)
    except Http404:
        return _("There is no such record, or you may not see it")
    except Refused as refused:
        return refused.message
    except ValidationError as wrong:
        return _words(resource, wrong)
    return ""


def _as_of_now(user: Any) -> Any:
    """The person with the roles of this moment: a batch is long, and rights change meanwhile."""
    person = get_user_model()._default_manager.filter(pk=user.pk).first()
    if person is None or not person.is_active:
        raise Forbidden
    return person


def _do(resource: Resource, user: Any, name: str, pk: int, sent: QueryDict) -> None:
    record = find_for(user, resource, pk, name)
    if name == "update":
        asked = sent.get("field", "")
        form = patched_form(resource, user, record, {asked: sent.get(asked, "")})
        if asked not in form.fields:
            raise Forbidden  # hidden from this person by now
        revise(resource, user, record, form, None)
        return
    if name == "restore":
        saved(lambda: record.restore(by=user))
        return
    if name == "purge":
        purging.for_good(record, user)
        return
    verb = resource.verb(name)
    act(record, name, user, verb.form(sent, record=record, user=user) if verb and verb.form else None)


def _words(resource: Resource, wrong: ValidationError) -> str:
    errors = wrong.message_dict if hasattr(wrong, "error_dict") else {"__all__": wrong.messages}
    labelled = [(_label(resource, name), text) for name, texts in errors.items() for text in texts]
    return "; ".join(text if label in text else f"{label}: {text}" for label, text in labelled)


def _label(resource: Resource, name: str) -> str:
    try:
        return str(shown(resource.model, name).label)
    except FieldDoesNotExist:
        return ""


def named(resource: Resource, user: Any, failures: list[Failure]) -> list[tuple[int, str, str]]:
    """(id, name, reason) of each failure; a record this person may not see has no name."""
    seen = resource.where(user) | resource.binned(user)
    rows = resource.model._base_manager.filter(seen, pk__in=[failure.pk for failure in failures])
    names = dict(rows.values_list("pk", resource.model.TEXT))
    return [(pk, str(names.get(pk, "")), reason) for pk, reason in failures]


@errand("batch")
def run_in_background(work: Errand, progress: Progress) -> Outcome:
    """The same for thousands; after a crash it goes on with the record it stopped at."""
    params, user = work.params, work.user
    resource, ids = resource_named(params["resource"]), params["ids"]
    for place in range(work.notes.get("next", 0), len(ids)):
        with transaction.atomic():
            if reason := refusal(resource, user, params["act"], ids[place], QueryDict(params["sent"])):
                work.undone.create(record=ids[place], reason=reason[:500])
            work.notes["next"] = place + 1
            work.save(update_fields=["notes"])
        progress(place + 1, len(ids))
    failures = [Failure(*one) for one in work.undone.order_by("pk").values_list("record", "reason")]
    return _outcome(resource, user, len(ids) - len(failures), failures)


def _outcome(resource: Resource, user: Any, done: int, failures: list[Failure]) -> Outcome:
    """The first failures in words, all of them as a file."""
    text, here = _("%(done)s done, %(failed)s failed") % {"done": done, "failed": len(failures)}, f"/{resource.name}/"
    if not failures:
        return Outcome(text, url=here)
    lines = [f"{name or f'#{pk}'}: {reason}" for pk, name, reason in named(resource, user, failures[:TOLD])]
    path = files.new_path("batches", "xlsx")
    with files.create(path) as file:
        write_xlsx(file, ["ID", resource.label, _("Reason")], _rows(resource, user, failures), wide=(1, 2))
    name = f"{resource.label_plural}-{_('Not done')}-{clock.today():%Y%m%d}.xlsx"
    return Outcome(" · ".join([text, *lines])[:500], file=path, file_name=name, url=here)


def _rows(resource: Resource, user: Any, failures: list[Failure]) -> Iterator[tuple[int, str, str]]:
    for start in range(0, len(failures), CHUNK):
        yield from named(resource, user, failures[start : start + CHUNK])
