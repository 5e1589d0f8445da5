"""Who sees a record, and why; why somebody does not: for those who look after roles and permissions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liuke.core import register, why
from liuke.core.doors.common import command, page_title, screen, whole
from liuke.core.pages import Action, Link
from liuke.core.refusals import Forbidden

from .models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.models import Record
    from liuke.core.resource import Resource

SIZE = 50  # people a page


@dataclass(frozen=True)
class Seer:
    """One person and the answer, ready to print."""

    person: User
    answer: why.Answer


def may_ask(user: Any) -> bool:
    """Whoever gives permissions may ask what they come to; the record itself he need not see."""
    return user.reach("roles", "update") is not None


@command
def who_sees(user: Any, resource: Resource, record: Record) -> Action | None:
    url = f"/access/{resource.name}/{record.pk}/"
    return Action("access", _("Who sees it"), url, "eye") if may_ask(user) else None


@require_safe
def access_page(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    if not may_ask(request.user):
        raise Forbidden
    of, record = _asked(name, pk)
    act = request.GET.get("act", "view")
    act = act if act in _acts(of) else "view"
    person = User.objects.filter(pk=whole(request.GET.get("user"), 0)).first()
    number = max(whole(request.GET.get("page"), 1), 1)
    everybody = User.objects.filter(deleted_at=None, status="normal").order_by("pk")
    found = list(everybody[(number - 1) * SIZE : number * SIZE + 1])
    people = found[:SIZE]
    able = why.may_each(of, record, people, act)
    here = f"/access/{name}/{pk}/"
    seen = of.rows(request.user).filter(pk=record.pk).exists()
    context = {
        "page_title": page_title(_("Who sees it")),
        "title": _("Who may do what with this record, and why"),
        "crumbs": [Link(of.label_plural, f"/{of.name}/"), Link(_("Who sees it"), here, current=True)],
        "commands": [Action("help", _("Help"), "/help/#roles", "help-circle", access_key="h")],
        "what": str(record) if seen else f"{of.label} {getattr(record, 'number', '') or record.pk}",
        "record_url": f"/{of.name}/{record.pk}/" if seen else "",
        "here": here,
        "act": act,
        "acts": [(one, why.act_label(of, one)) for one in _acts(of)],
        "seers": [Seer(one, why.explain(of, record, one, act, request.user)) for one in people if one.pk in able],
        "others": [one for one in people if one.pk not in able],
        "asked": Seer(person, why.explain(of, record, person, act, request.user)) if person else None,
        "next_url": f"{here}?act={act}&page={number + 1}" if len(found) > SIZE else "",
    }
    return screen(request, "accounts/access.html", context)


def _acts(of: Resource) -> list[str]:
    """What can be asked of one record."""
    return [one for one in of.actions if one not in ("create", "import", "import_history")]


def _asked(name: str, pk: int) -> tuple[Resource, Any]:
    try:
        of = register.resource(name)
    except KeyError:
        raise Http404 from None
    record = of.model._base_manager.filter(pk=pk).first() if pk < 2**63 else None
    if record is None:
        raise Http404
    return of, record
