"""Call-backs: whether the customer is content with what was done, asked after each service and complaint (VISIT-01).

A sheet is made with the archiving of a request or the closing of a complaint. The customer is phoned, or answers by
itself through a link that works once.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.accounts.models import User
from liuke.base.fields import RatingField
from liuke.base.models import Category
from liuke.core import clock, options
from liuke.core.fields import LongTextField
from liuke.core.indexes import list_indexes
from liuke.core.models import Record
from liuke.core.options import Option
from liuke.core.refusals import Refused
from liuke.core.verbs import verb
from liuke.customers.models import Contact, Customer

from .complaints import Complaint
from .requests import MARKS, THRESHOLD, ServiceRequest, must_be_normal, must_be_said

WITHIN, VALID = "visit_days", "visit_link_days"
TO_DO = ("due", "sent")

options.declare(
    Option(WITHIN, 3, "int", lazy("Days after a service or complaint by which the customer is called back"),
           lazy("0: on the same day"), least=0, most=60)
)  # fmt: skip
options.declare(
    Option(VALID, 14, "int", lazy("Days for which the link of a call-back is valid"),
           lazy("Through it a customer answers by itself, once"), least=1, most=90)
)  # fmt: skip


class FollowUpVisit(Record):
    """One call-back sheet, about a service request or a complaint. Made by the system, never twice for one of them."""

    class Status(models.TextChoices):
        DUE = "due", pgettext_lazy("call-back", "Due")
        SENT = "sent", pgettext_lazy("call-back", "Link handed out")
        ANSWERED = "answered", pgettext_lazy("call-back", "Answered")
        UNREACHABLE = "unreachable", pgettext_lazy("call-back", "Unreachable")

    class Channel(models.TextChoices):
        PHONE = "phone", pgettext_lazy("call-back", "By phone")
        WEB = "web", pgettext_lazy("call-back", "By link")

    NUMBER_PREFIX = "HF"
    TEXT = "number"
    AUTHOR = ""  # made by the system
    TONES = {"status": {"due": "amber", "sent": "blue", "answered": "green", "unreachable": "grey"}}
    MOVES = {
        **{(status, "send"): "sent" for status in TO_DO},
        **{(status, "record"): "answered" for status in TO_DO},
        **{(status, "give_up"): "unreachable" for status in TO_DO},
        **{(status, "take_over"): status for status in TO_DO},
        ("sent", "answer"): "answered",
    }

    created_by = None
    number = models.CharField(lazy("Call-back number"), max_length=20, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="visits", db_index=False,
                                 verbose_name=lazy("Customer"))  # fmt: skip
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="visits",
                                verbose_name=lazy("Contact"))  # fmt: skip
    request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, related_name="visits", editable=False,
                                db_index=False, verbose_name=lazy("Service request"))  # fmt: skip
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="visits", editable=False,
                                  db_index=False, verbose_name=lazy("Complaint"))  # fmt: skip
    about = models.CharField(lazy("About"), max_length=100, editable=False)  # the matter in a few words
    staff = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False,
                              verbose_name=lazy("Service staff"))  # fmt: skip
    due_on = models.DateField(lazy("Call back by"), editable=False)
    status = models.CharField(lazy("Status"), max_length=12, choices=Status.choices, default=Status.DUE,
                              editable=False)  # fmt: skip

    channel = models.CharField(lazy("Channel"), max_length=10, choices=Channel.choices, blank=True, editable=False)
    satisfaction = RatingField(lazy("Satisfaction with this service"), category=Category.SATISFACTION, editable=False)
    suggestions = LongTextField(lazy("Other suggestions"), max_length=2000, blank=True, editable=False)
    reason = models.CharField(lazy("Why not reached"), max_length=500, blank=True, editable=False)
    answered_at = models.DateTimeField(lazy("Called back at"), null=True, editable=False)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+",
                                    verbose_name=lazy("Called back by"))  # fmt: skip

    # the link: only its hash is kept, and how long it works
    token_hash = models.CharField(max_length=64, null=True, editable=False)
    sent_at = models.DateTimeField(lazy("Link handed out at"), null=True, editable=False)
    valid_until = models.DateTimeField(lazy("Link valid until"), null=True, editable=False)

    class Meta:
        verbose_name = lazy("Call-back")
        verbose_name_plural = lazy("Call-backs")
        indexes = [
            *list_indexes("visit", orders=("id", "due_on", "answered_at"),
                          beside=("deleted_at", "status", "staff", "customer")),
            models.Index(fields=["customer", "-id"], name="visit_of_customer"),
            models.Index(fields=["status", "due_on", "id", "deleted_at", "staff", "customer"], name="visit_to_do"),
            models.Index(fields=["customer", "status", "id", "deleted_at", "staff"], name="visit_with_customer"),
            models.Index(fields=["staff", "status", "id", "deleted_at"], name="visit_in_hand"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["request"], name="one_visit_a_request"),
            models.UniqueConstraint(fields=["complaint"], name="one_visit_a_complaint"),
            models.UniqueConstraint(fields=["token_hash"], name="visit_link_once"),
            models.CheckConstraint(
                condition=Q(request=None, complaint__isnull=False) | Q(request__isnull=False, complaint=None),
                name="visit_about_one_matter",
            ),
        ]

    def __str__(self) -> str:
        return self.about

    # the way of a call-back

    @verb
    def record(self, satisfaction: int, suggestions: str = "", *, by: Any) -> None:
        """What the customer said on the phone. Raises ValidationError for a mark that is not 1 to 5."""
        self._say("record", satisfaction, suggestions, channel=self.Channel.PHONE, answered_by=by)

    @verb
    def give_up(self, reason: str, *, by: Any) -> None:
        """Nobody answers, or wants to."""
        must_be_said("reason", reason, _("Reason"))
        self.move("give_up", reason=reason.strip(), answered_at=clock.now(), answered_by=by)

    @verb
    def send(self, *, by: Any) -> str:
        """Make the link the customer answers by; it is told once, and a link made before works no more."""
        now, word = clock.now(), secrets.token_urlsafe(32)
        self.move("send", token_hash=hashed(word), sent_at=now, valid_until=now + timedelta(days=options.get(VALID)))
        return f"/call-back/{word}/"

    @verb
    def answer(self, word: str, satisfaction: int, suggestions: str = "", *, by: Any) -> None:
        """The customer's own answer. Raises Refused when the link was used, has expired, or is another by now."""
        self._must_open(word)
        self._say("answer", satisfaction, suggestions, channel=self.Channel.WEB)

    @verb
    def take_over(self, staff: User, reason: str, *, by: Any) -> None:
        """Give it to somebody else: who has it leaves the house (PERM-07)."""
        must_be_said("reason", reason, _("Reason"))
        must_be_normal(staff, "staff")
        self.move("take_over", staff=staff)

    def _say(self, name: str, satisfaction: Any, suggestions: str, **more: Any) -> None:
        if isinstance(satisfaction, bool) or satisfaction not in MARKS:
            raise ValidationError({"satisfaction": [_("Choose a mark from 1 to 5")]})
        self.move(name, satisfaction=satisfaction, suggestions=suggestions.strip(), answered_at=clock.now(), **more)

    # the link

    @classmethod
    def of_link(cls, word: str) -> FollowUpVisit | None:
        """The sheet a link leads to, used or not; None for one that was never made, or was replaced."""
        return cls.objects.alive().filter(token_hash=hashed(word)).first()

    @property
    def is_answered(self) -> bool:
        return self.status == self.Status.ANSWERED

    @property
    def is_content(self) -> bool:
        """Whether the mark would have closed a request, too."""
        return (self.satisfaction or 0) >= options.get(THRESHOLD)

    @property
    def is_open(self) -> bool:
        """Whether its link works now."""
        return self.status == self.Status.SENT and self.valid_until is not None and clock.now() < self.valid_until

    def _must_open(self, word: str) -> None:
        if self.token_hash != hashed(word) or not self.is_open:
            raise Refused(_("This link works no more"), "link_over")

    # made by the system, settled by its verbs

    def guard_update(self, by: Any) -> None:
        raise Refused(_("A call-back is made by the system and settled by what the customer says"), "made_by_system")

    guard_delete = guard_restore = guard_update


def hashed(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
