"""Tasks: what one person asks of another, or of himself, with a link to what it is about (TASK-01, TASK-02)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy

from liuke.accounts.models import User
from liuke.core import clock
from liuke.core.fields import LongTextField, RankField
from liuke.core.indexes import list_indexes
from liuke.core.links import LinkField, read_link, read_record, record_at, unknown_link
from liuke.core.models import Record, RecordQuerySet
from liuke.core.refusals import Forbidden, Refused
from liuke.core.verbs import hold, verb

OPEN = ("new", "accepted", "in_progress")
LIVING = (*OPEN, "done")  # what came of these stands, or may still come

# what scope and filters of the list ask for, see core.indexes
ASKED = ("deleted_at", "status", "executor", "creator")


class TaskQuerySet(RecordQuerySet):
    def open(self) -> TaskQuerySet:
        """Still to be done."""
        return self.alive().filter(status__in=OPEN)

    def overdue(self) -> TaskQuerySet:
        return self.open().filter(due__lt=clock.today())


class Task(Record):
    """A piece of work in one person's hands."""

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("task", "New")
        ACCEPTED = "accepted", pgettext_lazy("task", "Accepted")
        IN_PROGRESS = "in_progress", pgettext_lazy("task", "In progress")
        DONE = "done", pgettext_lazy("task", "Done")
        REFUSED = "refused", pgettext_lazy("task", "Refused")
        CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")

    class Priority(models.IntegerChoices):
        LOW = 1, pgettext_lazy("priority", "Low")
        NORMAL = 2, pgettext_lazy("priority", "Normal")
        HIGH = 3, pgettext_lazy("priority", "High")

    class Source(models.TextChoices):
        DIRECT = "direct", pgettext_lazy("task", "Entered directly")
        CAMPAIGN = "campaign", lazy("Given by a campaign")
        FEEDBACK = "feedback", lazy("Made from feedback")

    TEXT = "title"
    AUTHOR = "creator"
    TONES = {
        "status": {
            "new": "grey", "accepted": "blue", "in_progress": "blue", "done": "green", "refused": "red",
            "cancelled": "grey",
        },
        "priority": {3: "red", 1: "grey"},
    }  # fmt: skip
    MOVES = {
        ("new", "accept"): "accepted",
        ("new", "refuse"): "refused",
        ("accepted", "start"): "in_progress",
        ("in_progress", "finish"): "done",
        **{(status, "cancel"): "cancelled" for status in (*OPEN, "refused")},
        **{(status, "reassign"): "new" for status in (*OPEN, "refused")},
        **{(status, "update"): status for status in (*OPEN, "refused")},
        **{(status, "delete"): status for status in ("new", "refused", "cancelled")},
    }

    title = models.CharField(lazy("Title"), max_length=100)
    description = LongTextField(pgettext_lazy("task", "Description"), blank=True)
    executor = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False,
                                 verbose_name=lazy("Executor"))  # fmt: skip
    due = models.DateField(pgettext_lazy("task", "Due"), null=True, blank=True)
    priority = RankField(lazy("Priority"), choices=Priority.choices, default=Priority.NORMAL)
    record = LinkField(lazy("Linked record"), help_text=lazy("What it is about: found by name or number"))
    source = models.CharField(pgettext_lazy("task", "Source"), max_length=10, choices=Source.choices,
                              default=Source.DIRECT, editable=False)  # fmt: skip
    status = models.CharField(lazy("Status"), max_length=12, choices=Status.choices, default=Status.NEW,
                              editable=False)  # fmt: skip
    result = LongTextField(pgettext_lazy("task", "Result"), blank=True, editable=False)
    reason = models.CharField(lazy("Reason"), max_length=500, blank=True, editable=False)  # of a refusal or the end

    created_by = None
    creator = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+", db_index=False,
                                verbose_name=lazy("Creator"))  # fmt: skip
    accepted_at = models.DateTimeField(lazy("Accepted at"), null=True, editable=False)
    started_at = models.DateTimeField(lazy("Started at"), null=True, editable=False)
    done_at = models.DateTimeField(lazy("Done at"), null=True, editable=False)

    former: User | None = None  # whom `reassign` took it from
    objects: ClassVar[Any] = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = lazy("Task")
        verbose_name_plural = lazy("Tasks")
        indexes = [
            *list_indexes("task", orders=("id", "due", "priority", "created_at"), beside=ASKED),
            models.Index(fields=["executor", "status", "due"], name="task_in_hand"),
            models.Index(fields=["creator", "id"], name="task_given"),
            models.Index(fields=["record", "id"], name="task_of_record", condition=~Q(record="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], name="one_task_of_a_feedback",
                condition=Q(source="feedback", deleted_at=None, status__in=LIVING),
                violation_error_message=lazy("There is a task for this feedback already"),
            )
        ]  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due is not None and self.due < clock.today()

    # entering and changing

    def guard_create(self, by: Any) -> None:
        """A person gives work to somebody in status normal, about something he may see himself."""
        if self.executor_id:
            _must_be_normal(self.executor)
        self._read_link()
        if by is not None and self.record and record_at(self.record, by) is None:
            raise ValidationError({"record": unknown_link()})
        if self.source == self.Source.FEEDBACK:
            self._must_be_the_only_one(by)

    def _read_link(self) -> None:
        try:
            self.record = read_link(self.record)
        except ValidationError as wrong:
            raise ValidationError({"record": wrong.messages}) from wrong

    def _must_be_the_only_one(self, by: Any) -> None:
        """However often it is asked for, feedback has one task that is not refused or cancelled.

        The other is named to those who see it.
        """
        if about := read_record(self.record):
            hold(about)  # of two at the same moment the second sees the first
        other = self.of_feedback(self.record, but=self)
        if other and other.is_seen_by(by):
            message = _("There is a task for this feedback already: %(task)s")
            raise Refused(message % {"task": other.title}, "task_exists", task=other.pk)
        if other:
            raise Refused(_("There is a task for this feedback already"), "task_exists")

    def is_seen_by(self, user: Any) -> bool:
        return user is not None and Task.objects.visible_to(user).filter(pk=self.pk).exists()

    def frozen_fields(self) -> set[str]:
        """Somebody else gets it by `reassign`; what it is about stays."""
        return {"executor", "record"}

    @classmethod
    def about(cls, link: str) -> Any:
        """Every task about a record, those in the recycle bin left out."""
        return cls.objects.alive().filter(record=link)

    @classmethod
    def of_feedback(cls, link: str, but: Task | None = None) -> Task | None:
        """The one task made from an entry of the feedback list that is not refused or cancelled."""
        rows = cls.about(link).filter(source=cls.Source.FEEDBACK, status__in=LIVING)
        return rows.exclude(pk=but.pk if but else None).first()

    # the way of a task

    @verb
    def accept(self, *, by: Any) -> None:
        self.move("accept", accepted_at=clock.now())

    @verb
    def start(self, *, by: Any) -> None:
        self.move("start", started_at=clock.now())

    @verb
    def finish(self, result: str, *, by: Any) -> None:
        """Say what came of it."""
        _must_be_said("result", result, pgettext("task", "Result"))
        self.move("finish", result=result, done_at=clock.now())

    @verb
    def refuse(self, reason: str, *, by: Any) -> None:
        """Give a new task back, with the reason."""
        _must_be_said("reason", reason, _("Reason"))
        self.move("refuse", reason=reason)

    @verb
    def cancel(self, reason: str = "", *, by: Any) -> None:
        """It is no longer needed."""
        self.move("cancel", reason=reason)

    @verb
    def reassign(self, executor: User, reason: str, *, by: Any) -> None:
        """Give it to somebody else, who has to accept it anew."""
        _must_be_said("reason", reason, _("Reason"))
        _must_be_normal(executor)
        if executor == self.executor:
            raise ValidationError({"executor": [_("This person has the task already")]})
        former = self.executor
        self.move("reassign", executor=executor, accepted_at=None, started_at=None, reason="")
        self.former = former  # for those who tell him

    def _by_executor(self, by: Any) -> None:
        if by is not None and by.pk != self.executor_id:
            raise Forbidden(_("Only the executor of a task can do this"), "not_executor")

    guard_accept = guard_start = guard_finish = guard_refuse = _by_executor

    def guard_reassign(self, by: Any) -> None:
        if self.source == self.Source.FEEDBACK and self.status not in LIVING:
            self._must_be_the_only_one(by)

    def guard_cancel(self, by: Any) -> None:
        if by is not None and by.pk != self.creator_id:
            raise Forbidden(_("Only whoever entered a task can cancel it"), "not_creator")

    def guard_restore(self, by: Any) -> None:
        if self.source == self.Source.FEEDBACK and self.status in LIVING:
            self._must_be_the_only_one(by)
        if not self.executor.is_active:
            raise Refused(_("%(name)s is disabled and cannot be chosen") % {"name": self.executor.name}, "disabled")


def _must_be_said(name: str, text: str, label: str) -> None:
    if not text.strip():
        raise ValidationError({name: [_("Please fill in: %(what)s") % {"what": label}]})


def _must_be_normal(person: User) -> None:
    hold(person)  # nobody disables him at the same moment
    if not person.is_active:
        raise ValidationError({"executor": [_("%(name)s is disabled and cannot be chosen") % {"name": person.name}]})
