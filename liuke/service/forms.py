"""What entering a request and its steps ask for."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.accounts.models import User
from liuke.base.models import Category, DictionaryItem
from liuke.core import clock
from liuke.core.field_rights import veiled
from liuke.core.forms import RecordForm, VerbForm
from liuke.core.guarded import unseen_of
from liuke.core.register import resource
from liuke.customers.models import Contact, Customer

from .learning import class_of, completed, told
from .models import ServiceAgreement, ServiceRequest
from .models.articles import LONGEST
from .promises import promised_by

MOST = 300  # contacts, or earlier requests, of one customer to choose from


class RequestForm(RecordForm):
    """Contacts and earlier requests of this customer alone, once it is known, and what was promised to it (SVC-08)."""

    customer: Customer | None = None

    of_customer: ClassVar[dict[str, Any]] = {"contact": Contact, "matter": ServiceRequest}

    def prepare(self) -> None:
        chosen = self.data.get("customer") or self.initial.get("customer") or self.instance.customer_id
        if str(chosen or "").isdecimal() and len(str(chosen)) < 18:
            for name, model in self.of_customer.items():
                self._only(name, model.objects.filter(customer=int(chosen)))
            self.customer = Customer.objects.visible_to(self.user).filter(pk=int(chosen)).first()
        if not self.instance.pk and "matter" in self.of_customer:
            self._offer_solutions()
            if not self.is_bound and not chosen:  # whoever takes a call types at once
                self.fields["customer"].widget.attrs["autofocus"] = True

    def _offer_solutions(self) -> None:
        """While it is typed, what was solved before stands below."""
        below: Any = self.fields["request"]
        below.hint_below = True
        for name in ("summary", "request"):
            self.fields[name].widget.attrs |= {
                "hx-post": "/service/similar/",
                "hx-trigger": "input changed delay:400ms",
                "hx-include": "closest form",
                "hx-target": "#id_request_hint",
                "hx-swap": "innerHTML",
                "hx-sync": "#field-request:replace",
            }

    @cached_property
    def agreement(self) -> ServiceAgreement | None:
        """The one in force today, for those who read agreements."""
        if self.customer is None or not resource("service-agreements").may(self.user, "view"):
            return None
        return ServiceAgreement.in_force(self.customer.pk, clock.today())

    @property
    def promised(self) -> list[tuple[str, datetime]]:
        """What has to be done until when, were the request saved now."""
        return promised_by(self.agreement) if self.agreement else []

    def _only(self, name: str, rows: Any) -> None:
        """The newest of them, without asking for others as somebody types: those would be everybody's.

        What the record has stays whatever became of it; who does not see it is not told what it is called.
        """
        field: Any = self.fields[name]
        now = getattr(self.instance, f"{name}_id")
        offered = rows.visible_to(self.user) | rows.filter(pk=now)
        field.queryset = offered.exclude(pk=self.instance.pk if name == "matter" else None).order_by("-id")
        self._offer(name, field)
        field.widget.choices.most = MOST
        if text := unseen_of(self.resource, self.user, self.instance).get(name):
            field.widget.choices.called[now] = text
        field.widget.attrs.pop("data-remote", None)


class ComplaintForm(RequestForm):
    """One recorded of a request starts with what that tells; the customer's words travel in no address."""

    of_customer: ClassVar[dict[str, Any]] = {"contact": Contact, "request": ServiceRequest}

    def prepare(self) -> None:
        if not self.is_bound and not self.instance.pk and (made_of := self._request()):
            self.initial.update(
                customer=made_of.customer_id, contact=made_of.contact_id, content=made_of.request,
                complained_at=made_of.created_at, request=made_of.pk,
            )  # fmt: skip
            field: Any = self.fields["customer"]
            self._offer("customer", field)
        super().prepare()

    def _request(self) -> ServiceRequest | None:
        """The one it is made of, if this person sees it."""
        sent = str(self.initial.get("request") or "")
        if not (sent.isascii() and sent.isdecimal() and len(sent) < 18):
            return None
        return ServiceRequest.objects.visible_to(self.user).filter(pk=int(sent)).first()


class CloseForm(VerbForm):
    """No complaint is closed without what came of it."""

    result = forms.CharField(label=lazy("Handling result"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class HandOnForm(VerbForm):
    """Who looks into a complaint from now on, and why."""

    staff = forms.ModelChoiceField(User.objects.none(), label=lazy("Service staff"))
    reason = forms.CharField(label=lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        offer_people(self.fields["staff"], self.user)


class RaiseForm(VerbForm):
    """What the service request is called; it takes the rest from the complaint."""

    summary = forms.CharField(label=lazy("Summary"), max_length=100)

    def prepare(self) -> None:
        if self.record:
            self.initial.setdefault("summary", str(self.record))


class AssignForm(VerbForm):
    """One person among all users in status normal (SVC-02)."""

    assignee = forms.ModelChoiceField(User.objects.none(), label=lazy("Assigned to"))

    def prepare(self) -> None:
        offer_people(self.fields["assignee"], self.user)


def offer_people(field: Any, user: Any) -> None:
    """Everybody in status normal, picked in the pop-up by department and name."""
    field.queryset = resource("users").choices(user).filter(status="normal")
    field.error_messages["invalid_choice"] = _("Choose a user in status normal")
    field.widget.attrs["data-people"] = "/users/pick/"


class ReassignForm(AssignForm):
    reason = forms.CharField(label=lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class HandleForm(VerbForm):
    method = forms.CharField(label=lazy("Handling method"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class FeedbackForm(VerbForm):
    """The customer's answer: the result in words and a mark, both needed (SVC-04)."""

    result = forms.CharField(label=lazy("Handling result"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    satisfaction = forms.TypedChoiceField(label=lazy("Satisfaction"), coerce=int, widget=forms.RadioSelect)

    def prepare(self) -> None:
        field: Any = self.fields["satisfaction"]
        field.choices = marks
        field.error_messages["invalid_choice"] = _("Choose a mark from 1 to 5")


class ArticleEntryForm(RecordForm):
    """An article is longer than a remark."""

    def prepare(self) -> None:
        self.fields["text"].widget.attrs["rows"] = 16


class TakeInForm(VerbForm):
    """The article with its addition, to be read through once more before others read it."""

    text = forms.CharField(label=pgettext_lazy("article", "Text"), max_length=LONGEST,
                           widget=forms.Textarea(attrs={"rows": 16}))  # fmt: skip

    def prepare(self) -> None:
        if self.record:
            self.initial.setdefault("text", completed(self.record))


class ArticleForm(VerbForm):
    """The answer as others shall read it; it starts with what the request tells."""

    title = forms.CharField(label=pgettext_lazy("article", "Title"), max_length=100)
    knowledge_class = forms.ModelChoiceField(DictionaryItem.objects.none(), to_field_name="value",
                                             label=lazy("Knowledge class"))  # fmt: skip
    text = forms.CharField(label=pgettext_lazy("article", "Text"), max_length=LONGEST,
                           widget=forms.Textarea(attrs={"rows": 12}))  # fmt: skip

    def prepare(self) -> None:
        field: Any = self.fields["knowledge_class"]
        rows = DictionaryItem.objects.alive().filter(category=Category.KNOWLEDGE)
        field.queryset = rows.order_by("position", "id")
        if self.record:
            filed = class_of(self.record)
            seen = veiled(self.user, self.record)
            self.initial = {
                "title": self.record.summary, "text": told(seen), "knowledge_class": filed and filed.value,
                **self.initial,
            }  # fmt: skip


class CallForm(VerbForm):
    """What a customer says when it is called back, on the phone or by the link (VISIT-01)."""

    satisfaction = forms.TypedChoiceField(label=lazy("Satisfaction with this service"), coerce=int,
                                          widget=forms.RadioSelect)  # fmt: skip
    suggestions = forms.CharField(label=lazy("Other suggestions"), max_length=2000, required=False,
                                  widget=forms.Textarea(attrs={"rows": 4}))  # fmt: skip

    def prepare(self) -> None:
        field: Any = self.fields["satisfaction"]
        field.choices = marks
        field.error_messages["invalid_choice"] = _("Choose a mark from 1 to 5")


def marks() -> list[tuple[int, str]]:
    """1 to 5, with the words the dictionary has for them."""
    rows = DictionaryItem.objects.alive().filter(category=Category.SATISFACTION)
    words = dict(rows.values_list("value", "entry"))
    return [(n, f"{n} {words.get(str(n), '')}".strip()) for n in range(1, 6)]
