"""The pages of duplicates: what stands under a name while it is typed, and 查重."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from liuke.core import grantable, menu
from liuke.core.conditions import readable
from liuke.core.doors.common import page_title, screen, whole
from liuke.core.forms import DressedForm
from liuke.core.pages import Link
from liuke.core.refusals import Forbidden
from liuke.core.register import resource

from .duplicates import SHORTEST_PHONE, same_as, similar_to
from .models.checks import NameCheck, TooMany
from .naming import name_key, phone_key

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from .duplicates import Similar

SHORTEST_NAME = 2  # letters


def may_check(user: Any) -> bool:
    return user.reach("customer-check", "use") is not None


grantable.declare("customer-check", lazy("Duplicate check"), ("use",))
menu.declare_entry("customers", 15, lazy("Duplicate check"), "/customers/check/", "copy-check", may_check)


@require_safe
def similar_part(request: HttpRequest) -> HttpResponse:
    """For who enters or changes a customer: what is there already."""
    customers, user = resource("customers"), request.user
    if not (customers.may(user, "create") or customers.may(user, "update")):
        raise Forbidden
    name, phone, kind = (request.GET.get(one, "")[:200] for one in ("name", "phone", "kind"))
    asked = readable(name + phone + kind)
    found = similar_to(user, name, phone, kind, whole(request.GET.get("but"), 0)) if asked else []
    return screen(request, "customers/_similar.html", {"similar": found})


class CheckForm(DressedForm):
    """A name or a telephone, whole enough to be one."""

    name = forms.CharField(label=lazy("Customer name"), max_length=50, required=False)
    phone = forms.CharField(label=lazy("Phone"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        name, phone = sent.get("name", ""), sent.get("phone", "")
        if not name and not phone:
            raise ValidationError(_("Enter a name or a telephone number"))
        if name and len(name_key(name)) < SHORTEST_NAME:
            raise ValidationError({"name": _("Enter the whole name")})
        if phone and len(phone_key(phone)) < SHORTEST_PHONE:
            raise ValidationError({"phone": _("Enter the whole number, at least %(n)s digits") % {"n": SHORTEST_PHONE}})
        return sent


@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """Whether a customer exists and whose it is, asked across all owners, and nothing more."""
    if not may_check(request.user):
        raise Forbidden
    form = CheckForm(request.POST if request.method == "POST" else None)
    form.dress()
    answer: list[Similar] | None = None
    if form.is_bound and form.is_valid():
        try:
            answer = _checked(request.user, form)
        except TooMany as refused:
            form.add_error(None, refused.message)
            return _page(request, form, None, refused.status)
    return _page(request, form, answer, 422 if form.errors else 200)


def _checked(user: Any, form: CheckForm) -> list[Similar]:
    NameCheck.must_be_few(user)
    name, phone = form.cleaned_data["name"], form.cleaned_data["phone"]
    found = same_as(user, name, phone)
    NameCheck.objects.create(user=user, asked=f"{name} {phone}".strip(), found=bool(found))
    return found


def _page(request: HttpRequest, form: CheckForm, answer: list[Similar] | None, status: int) -> HttpResponse:
    title = _("Duplicate check")
    context = {
        "page_title": page_title(title),
        "title": title,
        "crumbs": [Link(_("Customers"), "/customers/"), Link(title, "/customers/check/", current=True)],
        "form": form,
        "answer": answer,
        "asked": " ".join(one for one in form.cleaned_data.values() if one) if answer is not None else "",
        "may_enter": resource("customers").may(request.user, "create"),
    }
    return screen(request, "customers/check.html", context, status)
