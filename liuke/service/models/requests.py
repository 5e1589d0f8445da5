"""Service requests: from the customer's call to the archive (SVC-01…SVC-13)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from liuke.accounts.models import User
from liuke.base.fields import DictField, RatingField
from liuke.base.models import Category, DictionaryItem
from liuke.core import clock, options
from liuke.core.fields import LongTextField
from liuke.core.indexes import list_indexes
from liuke.core.models import Record
from liuke.core.options import Option
from liuke.core.refusals import Forbidden, Refused
from liuke.core.verbs import hold, verb
from liuke.customers.models import Contact, Customer

THRESHOLD = "service_archive_threshold"
FROZEN = {"customer", "summary", "request"}  # what the customer asked for stays as it was once somebody works on it
MARKS = range(1, 6)
COMPLAINT = "3"  # the value of the type that is shown in red
OPEN = ("new", "assigned", "handled")

# what scope and filters of the list ask for, see core.indexes
ASKED = ("deleted_at", "status", "assigned_to", "creator", "customer", "type")

options.declare(
    Option(THRESHOLD, 3, "int", lazy("Satisfaction from which a service request is archived"),
           lazy("A lower mark sends the request back to its assignee"), least=1, most=5)
)  # fmt: skip


class ServiceRequest(Record):
    """A matter a customer raised; one person is responsible for it at a time."""

    class Status(models.TextChoices):
        NEW = "new", lazy("Newly created")
        ASSIGNED = "assigned", pgettext_lazy("service", "Assigned")
        HANDLED = "handled", lazy("Handled")
        ARCHIVED = "archived", lazy("Archived")

    MANY = True
    TEXT = "summary"
    AUTHOR = "creator"
    NUMBER_PREFIX = "FW"
    TONES = {"status": {"new": "grey", "assigned": "blue", "handled": "purple", "archived": "green"}}
    MOVES = {
        **{(status, "update"): status for status in OPEN},
        **{(status, "escalate"): status for status in OPEN},
        ("new", "delete"): "new",
        ("new", "assign"): "assigned",
        ("assigned", "reassign"): "assigned",
        ("assigned", "take_over"): "assigned",
        ("handled", "take_over"): "handled",
        ("assigned", "handle"): "handled",
        ("handled", "feedback"): "archived",  # or back to assigned, see `feedback`
    }

    number = models.CharField(lazy("Service number"), max_length=20, unique=True, editable=False)
    type = DictField(lazy("Service type"), category=Category.SERVICE_TYPE)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="service_requests", db_index=False,
                                 verbose_name=lazy("Customer"))  # fmt: skip
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="service_requests",
                                verbose_name=lazy("Contact"))  # fmt: skip
    summary = models.CharField(lazy("Summary"), max_length=100)
    request = LongTextField(lazy("Service request text"))
    matter = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later", db_index=False,
                               verbose_name=lazy("Same matter as"),
                               help_text=lazy("An earlier request of this customer about the same matter"))  # fmt: skip
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.NEW,
                              editable=False)  # fmt: skip

    created_by = None
    creator = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+", db_index=False,
                                verbose_name=lazy("Creator"))  # fmt: skip
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+", db_index=False,
                                    verbose_name=lazy("Assigned to"))  # fmt: skip
    assigned_at = models.DateTimeField(lazy("Assigned at"), null=True, editable=False)
    escalated_at = models.DateTimeField(lazy("Escalated at"), null=True, editable=False)
    # the last round as it stands; all of them are kept as ServiceHandling
    round = models.PositiveSmallIntegerField(lazy("Round"), default=1, editable=False)
    method = LongTextField(lazy("Handling method"), blank=True, editable=False)
    handler = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+",
                                verbose_name=lazy("Handler"))  # fmt: skip
    handled_at = models.DateTimeField(lazy("Handled at"), null=True, editable=False)
    result = LongTextField(lazy("Handling result"), blank=True, editable=False)
    satisfaction = RatingField(lazy("Satisfaction"), category=Category.SATISFACTION, editable=False)
    archived_at = models.DateTimeField(lazy("Archived at"), null=True, editable=False)

    former: User | None = None  # whom `reassign` took it from

    class Meta:
        verbose_name = lazy("Service request")
        verbose_name_plural = lazy("Service requests")
        indexes = [
            *list_indexes("service", orders=("id", "customer", "status", "created_at", "type"), beside=ASKED),
            models.Index(fields=["assigned_to", "status", "id", "deleted_at"], name="service_in_hand"),
            models.Index(fields=["creator", "status", "id", "deleted_at"], name="service_entered"),
            # few rows have these, and an index of those alone tells a database so
            models.Index(fields=["matter", "id"], name="service_of_matter", condition=models.Q(matter__isnull=False)),
            models.Index(fields=["-deleted_at"], name="service_deleted", condition=models.Q(deleted_at__isnull=False)),
            models.Index(fields=["-archived_at"], name="service_archived"),
        ]

    # what is always true

    def clean(self) -> None:
        if self.contact and self.contact.customer_id != self.customer_id:
            raise ValidationError({"contact": _("Choose a contact of this customer")})
        if self.matter:
            self._belong_to(self.matter)

    def _belong_to(self, earlier: ServiceRequest) -> None:
        """A matter is named by its first request: whoever joins a later one joins that."""
        first = earlier.matter or earlier
        hold(first)  # nobody gives it to another customer at the same moment
        if first.customer_id != self.customer_id:
            raise ValidationError({"matter": _("Choose a request of this customer")})
        if self.pk and (first.pk == self.pk or self.later.exists()):
            raise ValidationError({"matter": _("This request is where its matter began")})
        self.matter = first

    def adjust(self, values: dict[str, Any]) -> None:
        """A matter is one customer's: where later requests go on with this one, its customer stays."""
        given = values.get("customer", self.customer)
        if getattr(given, "pk", given) != self.customer_id and self.later.exists():
            raise ValidationError({"customer": _("Later requests are about the same matter: its customer stays")})
        if getattr(given, "pk", given) != self.customer_id and self.complaints.filter(deleted_at=None).exists():
            raise ValidationError({"customer": _("A complaint belongs to this request: its customer stays")})

    def frozen_fields(self) -> set[str]:
        return set() if self.status == self.Status.NEW else FROZEN

    def guard_create(self, by: Any) -> None:
        if self.customer_id:
            hold(self.customer)
            self._customer_must_be_there()

    def guard_update(self, by: Any) -> None:
        self._customer_must_be_there()

    guard_delete = guard_restore = guard_update

    def _customer_must_be_there(self) -> None:
        """A customer that has churned may ask for service all the same; one in the recycle bin may not."""
        if self.customer.deleted_at:
            raise Refused(_("The customer is in the recycle bin"), "customer_deleted")

    # the way of a request

    @verb
    def assign(self, assignee: User, *, by: Any) -> None:
        """Give it to one person in status normal, who is responsible from now on (SVC-02)."""
        must_be_normal(assignee)
        self.move("assign", assigned_to=assignee, assigned_at=clock.now())

    @verb
    def reassign(self, assignee: User, reason: str, *, by: Any) -> None:
        """Hand it to somebody else before it is handled, with a reason; the state stays (S-28)."""
        must_be_said("reason", reason, _("Reason"))
        self._hand_on("reassign", assignee)

    @verb
    def take_over(self, assignee: User, reason: str, *, by: Any) -> None:
        """The same whenever it is open: its assignee leaves the house (PERM-07)."""
        must_be_said("reason", reason, _("Reason"))
        self._hand_on("take_over", assignee)

    def _hand_on(self, name: str, assignee: User) -> None:
        must_be_normal(assignee)
        if assignee == self.assigned_to:
            raise ValidationError({"assignee": [_("This person has the request already")]})
        former = self.assigned_to
        self.move(name, assigned_to=assignee, assigned_at=clock.now())
        self.former = former  # for those who tell him

    @verb
    def escalate(self, reason: str, *, by: Any) -> None:
        """Call in the superiors: the matter needs more than its assignee can give (SVC-07)."""
        must_be_said("reason", reason, _("Reason"))
        self.move("escalate", escalated_at=clock.now())

    @verb
    def handle(self, method: str, *, by: Any) -> None:
        """Say how it was dealt with; handler and time are the system's (SVC-03)."""
        from .handlings import ServiceHandling

        must_be_said("method", method, _("Handling method"))
        now = clock.now()
        self.move("handle", method=method, handler=by, handled_at=now, result="", satisfaction=None)
        ServiceHandling(request=self, round=self.round, method=method, handled_at=now).create(by=by)

    def guard_handle(self, by: Any) -> None:
        if self.status == self.Status.ASSIGNED and by is not None and by.pk != self.assigned_to_id:
            raise Forbidden(_("Only the person it is assigned to can handle this request"), "not_assignee")

    @verb
    def feedback(self, result: str, satisfaction: int, *, by: Any) -> None:
        """What the customer says to it: satisfied enough, it is archived; else it is handled again (SVC-04).

        Raises ValidationError for a mark that is not 1 to 5, and without a result.
        """
        must_be_said("result", result, _("Handling result"))
        if satisfaction not in MARKS:
            raise ValidationError({"satisfaction": [_("Choose a mark from 1 to 5")]})
        self.handlings.get(round=self.round).answer(result, satisfaction, by=by)
        said = {"result": result, "satisfaction": satisfaction}
        if satisfaction >= options.get(THRESHOLD):
            self.move("feedback", **said, archived_at=clock.now())
        else:
            self.change(status=self.Status.ASSIGNED, round=self.round + 1, assigned_at=clock.now(), **said)

    @verb
    def save_as_article(self, title: str, text: str, knowledge_class: DictionaryItem, *, by: Any) -> None:
        """Keep the answer for others, as a draft of an article (KB-02)."""
        from liuke.service.learning import draft_of

        draft_of(self, by, title=title, text=text, knowledge_class=knowledge_class)

    def guard_save_as_article(self, by: Any) -> None:
        if not self.method:
            raise Refused(_("Nothing has been answered yet that could be kept"), "no_answer")
        if self.articles.alive().exists():
            raise Refused(_("An article has been made of this request already"), "is_article")

    @property
    def is_archived(self) -> bool:
        return self.status == self.Status.ARCHIVED

    def family(self) -> models.Q:
        """All requests of its matter, itself among them, each found by an index of its own (SVC-07)."""
        rows = ServiceRequest._base_manager.order_by()
        first = self.matter_id or self.pk
        found = rows.filter(matter=first).values("pk").union(rows.filter(pk=first).values("pk"), all=True)
        return models.Q(pk__in=found)


def must_be_said(name: str, text: str, label: str) -> None:
    if not text.strip():
        raise ValidationError({name: [_("Please fill in: %(what)s") % {"what": label}]})


def must_be_normal(person: User, name: str = "assignee") -> None:
    hold(person)  # nobody disables him at the same moment
    if not person.is_active:
        raise ValidationError({name: [_("%(name)s is disabled and cannot be chosen") % {"name": person.name}]})
