"""Questions to a list kept under a name: tabs behind its scenes, one's own or shared with all who see the list.

A view carries conditions and never rows: whoever opens it sees what he may see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import IntegrityError, transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import grantable, toasts
from liuke.core.doors.addresses import asked
from liuke.core.doors.common import commands, crumbs, go, list_url, page_title, require, screen, whole
from liuke.core.forms import DressedForm
from liuke.core.models import ListSetting
from liuke.core.pages import Link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from liuke.core.doors.addresses import Address
    from liuke.core.models.list_settings import Kept, Settings
    from liuke.core.resource import Resource

grantable.declare("saved-views", lazy("Saved views"), ("share",))
LEFT_OUT = ("page", "after", "limit", "ids", "view")  # of a question that is kept


def opened(kept: Settings, params: dict[str, Any]) -> tuple[Kept | None, dict[str, Any]]:
    """The view an address names, and its parameters overlaid by those beside it."""
    view = kept.view(whole(params.get("view"), 0))
    if view is None:
        return None, params
    return view, asked(QueryDict(view.query)) | {name: value for name, value in params.items() if name != "view"}


def view_tabs(resource: Resource, kept: Settings, address: Address) -> list[Link]:
    return [
        Link(
            view.name,
            f"/{resource.name}/?view={view.pk}",
            view.pk == address.view,
            _("shared") if view.shared else "",
            key=f"view-{view.pk}",
        )
        for view in kept.views
    ]


def may_share(user: Any) -> bool:
    return user.reach("saved-views", "share") is not None


class ViewForm(DressedForm):
    name = forms.CharField(label=lazy("Name"), max_length=30)
    shared = forms.BooleanField(label=lazy("Shared with everybody who sees this list"), required=False)
    replace = forms.BooleanField(label=lazy("Keep the filters and columns of now"), required=False)

    def __init__(self, *args: Any, sharing: bool, replacing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, wanted in (("shared", sharing), ("replace", replacing)):
            if not wanted:
                del self.fields[name]
        self.dress()


def new_view(request: HttpRequest, resource: Resource) -> HttpResponse:
    require(request.user, resource, "view")
    mine = _mine(request.user, resource)
    view = mine.model(user=request.user, resource=resource.name)
    form = ViewForm(request.POST or None, sharing=may_share(request.user), replacing=False)
    if request.method != "POST" or not form.is_valid():
        return _dialog(request, resource, _("Save as view"), form)
    if mine.count() >= ListSetting.MOST_NAMED:
        form.add_error(None, _("You have %(n)s views here already, delete one first") % {"n": ListSetting.MOST_NAMED})
        return _dialog(request, resource, _("Save as view"), form)
    view.query = _question(request)
    return _save(request, resource, view, form, _("Save as view"))


def edit_view(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    view = _own(request, resource, pk)
    initial = {"name": view.name, "shared": view.shared}
    options = {"sharing": may_share(request.user), "replacing": bool(_question(request))}
    form = ViewForm(request.POST or None, initial=initial, **options)
    if request.method != "POST" or not form.is_valid():
        return _dialog(request, resource, _("Edit view"), form, view)
    if form.cleaned_data.get("replace"):
        view.query = _question(request)
    return _save(request, resource, view, form, _("Edit view"))


def delete_view(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    view = _own(request, resource, pk)
    if request.method != "POST":
        context = _frame(request, resource, _("Delete?")) | {
            "text": _("The view “%(name)s” is deleted for ever, no record is") % {"name": view.name},
            "submit_label": _("Delete"),
            "danger": True,
            "post_url": request.path,
            "refusal": "",
            "once": "",
        }
        return screen(request, "core/confirm.html", context)
    view.delete()
    toasts.add(request, _("Deleted"))
    return go(request, list_url(resource))


def _own(request: HttpRequest, resource: Resource, pk: int) -> ListSetting:
    """Only its owner changes a view; to all others it does not exist."""
    require(request.user, resource, "view")
    view = _mine(request.user, resource).filter(pk=pk).first() if pk < 2**63 else None
    if view is None:
        raise Http404
    return view


def _mine(user: Any, resource: Resource) -> Any:
    return ListSetting.objects.filter(user=user, resource=resource.name).exclude(name="")


def _save(request: HttpRequest, resource: Resource, view: ListSetting, form: ViewForm, heading: str) -> HttpResponse:
    view.name, view.shared = form.cleaned_data["name"], bool(form.cleaned_data.get("shared", view.shared))
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        form.add_error("name", _("You have a view of this name already"))
        return _dialog(request, resource, heading, form, view if view.pk else None)
    toasts.add(request, _("Saved"))
    return go(request, f"/{resource.name}/?view={view.pk}")


def _question(request: HttpRequest) -> str:
    """What the list asks for now, without its place in it."""
    sent = request.POST if request.method == "POST" else request.GET
    query = QueryDict(sent.get("question", "")[:4000], mutable=True)
    for name in LEFT_OUT:
        query.pop(name, None)
    return query.urlencode()[:4000]


def _dialog(
    request: HttpRequest, resource: Resource, heading: str, form: ViewForm, view: ListSetting | None = None
) -> HttpResponse:
    context = _frame(request, resource, heading) | {
        "text": "" if view else _("The scene, filters, order and columns of now become a tab of this list"),
        "form": form,
        "fields": list(form),
        "submit_label": _("Save"),
        "danger": False,
        "post_url": request.path,
        "carried": [("question", _question(request))],
        "delete_url": f"/{resource.name}/views/{view.pk}/delete/" if view else "",
        "once": "",
    }
    return screen(request, "core/view.html", context, 422 if form.errors else 200)


def _frame(request: HttpRequest, resource: Resource, heading: str) -> dict[str, Any]:
    return {
        "resource": resource,
        "heading": heading,
        "page_title": page_title(heading, resource.label_plural),
        "crumbs": crumbs(resource, (heading, "")),
        "commands": commands(resource, request.user),
        "cancel_url": list_url(resource),
    }
