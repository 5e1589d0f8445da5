"""Sales opportunities: from the first hint to a customer, or to the reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.accounts.models import User
from liuke.base.fields import DictField
from liuke.base.models import Category
from liuke.core import clock
from liuke.core.fields import LongTextField, MoneyField, PercentField, PhoneField
from liuke.core.indexes import list_indexes
from liuke.core.models import Record
from liuke.core.refusals import Forbidden, Refused
from liuke.core.verbs import hold, lock, verb
from liuke.customers.models import Customer
from liuke.customers.naming import name_key

from . import past
from .stages import SalesStage

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCOUNT_MANAGER = "account_manager"  # code of the role whose holders opportunities are assigned to
FROZEN = {
    "source", "customer_name", "success_rate", "summary", "contact_name", "contact_phone", "description", "customer",
}  # fmt: skip

# What scope, scenes and filters of the list ask for, see core.indexes; the texts only where the scope leads in.
ASKED = ("deleted_at", "status", "assignee", "creator", "stage", "purchase_time")
TEXTS = ("customer_name", "subject", "needed_product")


class Opportunity(Record):
    """A chance to win a customer or a deal (OPP-01, OPP-02)."""

    class Status(models.TextChoices):
        UNASSIGNED = "unassigned", lazy("Unassigned")
        ASSIGNED = "assigned", lazy("Assigned")
        WON = "won", lazy("Won")
        LOST = "lost", lazy("Lost")

    MANY = True
    TEXT = "customer_name"
    AUTHOR = "creator"
    NUMBER_PREFIX = "JH"
    TONES = {"status": {"unassigned": "grey", "assigned": "blue", "won": "green", "lost": "red"}}
    MOVES = {
        ("unassigned", "update"): "unassigned",
        ("assigned", "update"): "assigned",
        ("unassigned", "delete"): "unassigned",
        ("unassigned", "assign"): "assigned",
        ("assigned", "reassign"): "assigned",
        ("assigned", "set_stage"): "assigned",
        ("assigned", "win"): "won",
        ("assigned", "lose"): "lost",
        ("won", "reopen"): "assigned",
    }

    number = models.CharField(lazy("Opportunity number"), max_length=20, unique=True, editable=False)
    customer_name = models.CharField(lazy("Customer name"), max_length=50,
                                     error_messages={"blank": lazy("Please enter the customer’s name")})  # fmt: skip
    source = models.CharField(lazy("Opportunity source"), max_length=50, blank=True)
    success_rate = PercentField(lazy("Success rate"), help_text=lazy("A whole number from 0 to 100"))
    summary = models.CharField(lazy("Summary"), max_length=200)
    contact_name = models.CharField(lazy("Contact"), max_length=50, blank=True)
    contact_phone = PhoneField(lazy("Contact phone"))
    description = LongTextField(lazy("Description"))
    status = models.CharField(lazy("Status"), max_length=12, choices=Status.choices, default=Status.UNASSIGNED,
                              editable=False)  # fmt: skip

    external_number = models.CharField(lazy("External number"), max_length=50, blank=True,
                                       help_text=lazy("What another system calls it"))  # fmt: skip
    subject = models.CharField(lazy("Subject"), max_length=100, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="opportunities",
                                 verbose_name=lazy("Existing customer"))  # fmt: skip
    address = models.CharField(lazy("Address"), max_length=200, blank=True)
    person_in_charge = models.CharField(lazy("Person in charge"), max_length=50, blank=True)
    contact_way = models.CharField(lazy("Contact way"), max_length=100, blank=True)
    purchase_time = models.DateField(lazy("Purchase time"), null=True, blank=True)
    order_time = models.DateField(lazy("Order time"), null=True, blank=True)
    purpose = models.CharField(lazy("Purpose of purchase"), max_length=200, blank=True)
    budget = MoneyField(lazy("Budget"), null=True, blank=True)
    needed_product = models.CharField(lazy("Needed product"), max_length=100, blank=True)
    company_scale = DictField(lazy("Company scale"), category=Category.SCALE)
    industry = models.ForeignKey("base.Industry", models.PROTECT, null=True, blank=True, related_name="+",
                                 verbose_name=lazy("Industry"))  # fmt: skip
    region = DictField(lazy("Region"), category=Category.REGION)
    info_source = models.CharField(lazy("Information source"), max_length=100, blank=True)
    dealer = models.CharField(lazy("Dealer"), max_length=100, blank=True)
    # no indexes of their own for stage and assignee: those of the lists begin with them, and hold more
    stage = models.ForeignKey(SalesStage, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
                              verbose_name=lazy("Stage"))  # fmt: skip
    stage_since = models.DateTimeField(lazy("In this stage since"), null=True, editable=False)
    amount = MoneyField(lazy("Expected amount"), null=True, blank=True)
    expected_close = models.DateField(lazy("Expected close"), null=True, blank=True)

    created_by = None
    creator = models.ForeignKey(User, models.PROTECT, editable=False, related_name="+", verbose_name=lazy("Creator"))
    assignee = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+", db_index=False,
                                 verbose_name=lazy("Assignee"))  # fmt: skip
    assigned_at = models.DateTimeField(lazy("Assigned at"), null=True, editable=False)
    closed_at = models.DateTimeField(lazy("Closed at"), null=True, editable=False)
    lost_reason = models.CharField(lazy("Reason of loss"), max_length=500, blank=True, editable=False)
    made_customer = models.BooleanField(lazy("Winning made the customer"), default=False, editable=False)

    class Meta:
        verbose_name = lazy("Opportunity")
        verbose_name_plural = lazy("Opportunities")
        indexes = [
            *list_indexes(
                "opportunity",
                orders=("id", "customer_name", "number", "success_rate", "amount", "expected_close", "created_at",
                        "stage", "purchase_time"),
                beside=ASKED,
            ),
            *list_indexes("opportunity", orders=("status", "assignee"), beside=(*ASKED, *TEXTS, "amount")),
            models.Index(fields=["closed_at"], name="opportunity_closed"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["external_number"], condition=models.Q(deleted_at=None) & ~models.Q(external_number=""),
                name="opportunity_external_once",
                violation_error_message=lazy("There is an opportunity of this external number already"),
            )
        ]  # fmt: skip

    former: User | None = None  # whom `reassign` took it from

    # what the system fills in, and what freezes

    def fill(self, by: Any) -> None:
        self.stage = self.stage or SalesStage.first()
        self.stage_since = clock.now()

    def frozen_fields(self) -> set[str]:
        """After assignment the fields of OPP-01 stay as they are (OPP-14)."""
        return set() if self.status == self.Status.UNASSIGNED else FROZEN

    def adjust(self, values: dict[str, Any]) -> None:
        if "stage" in values and values["stage"] != self.stage:
            self.stage_since = clock.now()

    @classmethod
    def prepare_many(cls, records: Sequence[Opportunity], by: Any) -> None:
        first = SalesStage.first()
        for record in records:
            record.stage = record.stage or first

    def import_state(self, values: dict[str, Any]) -> None:
        past.take_over(self, values)

    @classmethod
    def link_many(cls, records: Sequence[Opportunity]) -> None:
        past.link_customers(records)

    # the way of an opportunity

    def guard_delete(self, by: Any) -> None:
        if by is not None and self.creator_id != by.pk:
            raise Forbidden(_("Only the creator can delete this opportunity"), "not_creator")

    @verb
    def assign(self, assignee: User, *, by: Any) -> None:
        """Give it to one account manager, who from now on sees it alone with his superiors (OPP-05, OPP-13)."""
        _must_be_account_manager(assignee)
        self.move("assign", assignee=assignee, assigned_at=clock.now())

    @verb
    def reassign(self, assignee: User, reason: str, *, by: Any) -> None:
        """Hand it to another account manager, with a reason; the state stays (S-25)."""
        _must_be_account_manager(assignee)
        if assignee == self.assignee:
            raise ValidationError({"assignee": [_("This person has the opportunity already")]})
        former = self.assignee
        self.move("reassign", assignee=assignee, assigned_at=clock.now())
        self.former = former  # for those who tell him
        for step in self.plan_items.filter(executor=former, executed_at=None, deleted_at=None):
            step.update({"executor": assignee}, by=by)  # what he had to do goes with it

    @verb
    def set_stage(self, stage: SalesStage, *, by: Any) -> None:
        self.move("set_stage", stage=stage)

    @verb
    def win(self, customer: Customer | str | None = None, *, by: Any) -> None:
        """The customer agreed to buy: it becomes a customer, in this transaction (OPP-06).

        `customer` is an existing one to link to, or "new". Without it, an opportunity that names a customer
        links to that one, and a name that exists already is refused with the candidates.
        """
        linked = customer if isinstance(customer, Customer) else self.customer if customer is None else None
        made = linked is None
        if linked is not None:
            _must_be_normal(linked)
        else:
            linked = self._make_customer(surely=customer == "new", by=by)
        self.move("win", customer=linked, made_customer=made, closed_at=clock.now())

    @verb
    def lose(self, reason: str, *, by: Any) -> None:
        """There is no demand or no value: stop, and say why (OPP-07)."""
        self.move("lose", lost_reason=reason, closed_at=clock.now())

    @verb
    def reopen(self, reason: str, *, by: Any) -> None:
        """Take back a mistaken win; the customer it made goes to the bin, if nothing has come of it yet (OPP-08)."""
        customer, made = self.customer, self.made_customer
        if made and customer and customer.deleted_at is None:
            customer.delete(by=by)
        kept = None if made else customer
        self.move("reopen", customer=kept, made_customer=False, closed_at=None)

    def guard_reopen(self, by: Any) -> None:
        if self.made_customer and self.customer and self._customer_has_grown():
            message = _("The customer has records of its own by now, the win cannot be taken back")
            raise Refused(message, "customer_in_use")

    def namesakes(self) -> models.QuerySet[Customer]:
        """Normal customers of the same name, however it is written; those written alike first."""
        name = self.customer_name.strip()
        same, key = models.Q(name=name), name_key(name)
        rows = Customer.objects.alive().filter(same | models.Q(name_key=key) if key else same, status="normal")
        return rows.order_by(models.Case(models.When(same, then=0), default=1), "id")

    # helpers

    def _make_customer(self, surely: bool, by: Any) -> Customer:
        assert self.assignee is not None  # only assigned opportunities are won
        if not surely:
            self._no_namesake()
        made = Customer.from_opportunity(
            self.customer_name, self.contact_name, self.contact_phone, self.assignee, by=by
        )
        if not surely:  # the number of the new customer is a lock: nobody else can be making one of this name now
            self._no_namesake(made)
        return made

    def _no_namesake(self, made: Customer | None = None) -> None:
        found = list(self.namesakes().exclude(pk=made.pk if made else 0).select_related("owner")[:20])
        if found:
            told = [{"id": c.pk, "number": c.number, "name": c.name, "owner": str(c.owner or "")} for c in found]
            message = _("A customer of this name exists already: link to it, or make a new one")
            raise Refused(message, "name_exists", candidates=told)

    def _customer_has_grown(self) -> bool:
        """Whether anything but what winning made points at the customer."""
        customer = self.customer
        expected = {"contacts": 1 if self.contact_name else 0, "opportunities": 1, "ownerships": 1}
        for relation in Customer._meta.related_objects:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: customer})
            if rows.count() > expected.get(relation.get_accessor_name() or "", 0):
                return True
        return False


def _must_be_normal(customer: Customer) -> None:
    lock(customer)
    if customer.deleted_at or customer.status != Customer.Status.NORMAL:
        message = _("Customer “%(name)s” is no longer there or has churned: choose another, or make a new one")
        raise Refused(message % {"name": customer.name}, "customer_gone")


def _must_be_account_manager(person: User) -> None:
    hold(person)  # nobody disables him at the same moment
    if not person.is_active:
        raise ValidationError({"assignee": [_("%(name)s is disabled and cannot be chosen") % {"name": person.name}]})
    if not person.roles.filter(code=ACCOUNT_MANAGER, deleted_at=None).exists():
        raise ValidationError({"assignee": [_("%(name)s is no account manager") % {"name": person.name}]})
