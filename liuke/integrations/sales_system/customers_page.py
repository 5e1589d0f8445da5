"""Customers of the sales system that are nobody here: who each of them is, is said on these pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liuke.core import toasts
from liuke.core.display import badge
from liuke.core.doors.common import go, screen, whole
from liuke.core.forms import VerbForm
from liuke.core.pages import Link
from liuke.core.refusals import Refused
from liuke.customers.models import Customer
from liuke.customers.naming import name_key, whole_of

from .models import SourceCustomer
from .views import frame, require

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LIST = "/sales-system/customers/"
ON_A_PAGE, MOST = 50, 8
Status = SourceCustomer.Status


class LinkForm(VerbForm):
    """A customer by number or name; one of the same name is proposed, not chosen: a person presses the button."""

    customer = forms.CharField(
        label=lazy("Number or name of the customer"), max_length=100, widget=forms.TextInput({"list": "similar"})
    )

    def prepare(self) -> None:
        if (found := similar(self.record.name, self.user)) and found[0].name_key == name_key(self.record.name):
            self.initial.setdefault("customer", found[0].number)

    def clean_customer(self) -> Customer:
        word = self.cleaned_data["customer"].strip()
        rows = Customer.objects.visible_to(self.user).filter(deleted_at=None)
        found = list(rows.filter(Q(number=word) | Q(name=word))[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Several customers have this name: enter the number"))
        raise ValidationError(_("There is no customer with this number or name"))


def similar(name: str, user: Any) -> list[Customer]:
    """Customers whose name is the same without its legal form, then those that begin like it."""
    key = whole_of(name_key(name))
    if not key:
        return []
    rows = Customer.objects.visible_to(user).filter(deleted_at=None).order_by("name_key", "pk")
    same = list(rows.filter(name_key=key)[:MOST])
    near = rows.filter(name_key__startswith=key[: max(len(key) // 2, 2)]).exclude(pk__in=[one.pk for one in same])
    return [*same, *near[: MOST - len(same)]]


@require_safe
def customers_list(request: HttpRequest) -> HttpResponse:
    require(request, "view")
    status, word = request.GET.get("status", Status.WAITING), request.GET.get("q", "").strip()[:100].replace("\0", "")
    rows = SourceCustomer.objects.select_related("customer").order_by("-orders", "pk")
    rows = rows.filter(status=status) if status in Status.values else rows
    rows = rows.filter(orders__gt=0) if status == Status.WAITING else rows  # nobody's, with orders that wait for him
    if word:
        rows = rows.filter(Q(name__icontains=word) | Q(external_number__icontains=word))
    page = Paginator(rows, ON_A_PAGE).get_page(whole(request.GET.get("page"), 1))
    title = _("Customers of the sales system")
    context = frame(title, title) | {
        "page": page,
        "rows": [(one, badge(one.TONES["status"][one.status], one.get_status_display())) for one in page],
        "word": word,
        "status": status,
        "scenes": [Link(str(label), f"{LIST}?status={key}", current=key == status) for key, label in Status.choices],
        "may_link": request.user.reach("sales-system", "link") is not None,
    }
    return screen(request, "sales_system/customers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def link_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who it is; its orders come at once."""
    one = _one(request, pk)
    form = LinkForm(request.POST or None, record=one, user=request.user)
    if request.method == "POST" and form.is_valid():
        return _do(request, lambda: one.link(form.cleaned_data["customer"], by=request.user))
    heading = _("Link to a customer")
    context = frame(heading, heading) | {
        "heading": heading, "record": one, "form": form, "similar": similar(one.name, request.user),
        "post_url": f"{LIST}{one.pk}/link/", "cancel_url": LIST, "submit_label": heading, "danger": False,
    }  # fmt: skip
    return screen(request, "sales_system/link.html", context, 422 if form.errors else 200)


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Make it a customer, ignore it, or heed it again."""
    one = _one(request, pk)
    return _do(request, lambda: getattr(one, ACTS[name])(by=request.user))


ACTS = {"create": "create_customer", "ignore": "ignore", "heed": "heed"}


def _one(request: HttpRequest, pk: int) -> SourceCustomer:
    require(request, "link")
    found = SourceCustomer.objects.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _do(request: HttpRequest, work: Any) -> HttpResponse:
    try:
        work()
    except Refused as refused:
        toasts.add(request, refused.message, level="error")
    except ValidationError as wrong:
        toasts.add(request, " ".join(wrong.messages), level="error")
    else:
        toasts.add(request, _("Saved"))
    return go(request, LIST)


customer_urls = [
    path("sales-system/customers/", customers_list),
    path("sales-system/customers/<int:pk>/link/", link_page),
    *(path(f"sales-system/customers/<int:pk>/{name}/", act, {"name": name}) for name in ACTS),
]
