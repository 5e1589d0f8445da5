"""The knowledge base: articles that staff write, or that closed requests leave behind (KB-01, KB-02, SVC-06)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy

from liuke.accounts.models import User
from liuke.base.fields import DictField
from liuke.base.models import Category
from liuke.core import clock
from liuke.core.fields import LongTextField
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import in_transaction, verb

from .requests import ServiceRequest, must_be_said

LONGEST = 20_000


class KnowledgeArticle(Record):
    """What the house knows about a thing. A draft is for its author and those who may release it, then for all."""

    class Status(models.TextChoices):
        DRAFT = "draft", lazy("Draft")
        RELEASED = "released", pgettext_lazy("article", "Released")
        WITHDRAWN = "withdrawn", pgettext_lazy("article", "Withdrawn")

    TEXT = "title"
    AUTHOR = ""  # whoever wrote the answer, which may be another than the one who enters it
    TONES = {"status": {"draft": "grey", "released": "green", "withdrawn": "amber"}}
    MOVES = {
        ("draft", "release"): "released",
        ("withdrawn", "release"): "released",
        ("released", "withdraw"): "withdrawn",
        ("released", "propose"): "released",
        **{(status, act): status for status in ("released", "withdrawn") for act in ("take_in", "turn_down")},
        ("draft", "delete"): "draft",
        ("withdrawn", "delete"): "withdrawn",
    }

    created_by = None
    title = models.CharField(pgettext_lazy("article", "Title"), max_length=100)
    knowledge_class = DictField(lazy("Knowledge class"), category=Category.KNOWLEDGE)
    text = LongTextField(pgettext_lazy("article", "Text"), max_length=LONGEST, help_text=lazy(
        "## makes a heading, - a list, 1. a numbered list; an empty line, a paragraph"))  # fmt: skip
    author = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+",
                               verbose_name=pgettext_lazy("article", "Author"))  # fmt: skip
    request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, editable=False, related_name="articles",
                                db_index=False, verbose_name=lazy("Service request"))  # fmt: skip
    status = models.CharField(lazy("Status"), max_length=10, choices=Status.choices, default=Status.DRAFT,
                              editable=False)  # fmt: skip
    released_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+",
                                    verbose_name=lazy("Released by"))  # fmt: skip
    released_at = models.DateTimeField(lazy("Released at"), null=True, editable=False)
    addition = LongTextField(lazy("Proposed addition"), max_length=LONGEST, blank=True, editable=False)
    view_count = models.PositiveIntegerField(lazy("Readers"), default=0, editable=False)

    class Meta:
        verbose_name = lazy("Knowledge article")
        verbose_name_plural = lazy("Knowledge base")
        indexes = [
            models.Index(fields=["status", "id"], name="article_by_status"),
            models.Index(fields=["author", "status"], name="article_of_author"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(deleted_at=None), name="one_article_of_a_request",
                violation_error_message=lazy("There is an article of this request already"),
            )
        ]  # fmt: skip

    @classmethod
    def of(cls, request: ServiceRequest) -> KnowledgeArticle | None:
        """The one that was made of a request, unless it lies in the recycle bin."""
        return cls.objects.alive().filter(request=request.pk).first()

    def fill(self, by: Any) -> None:
        self.author = self.author or by

    @verb
    def release(self, *, by: Any) -> None:
        """Let everybody read it who may read the knowledge base."""
        self.move("release", released_by=by, released_at=clock.now())

    def guard_release(self, by: Any) -> None:
        if (self.status, "release") in self.MOVES and self.knowledge_class_id is None:
            raise Refused(_("Choose a knowledge class first: edit the article"), "no_class")

    @verb
    def withdraw(self, reason: str, *, by: Any) -> None:
        """Take it away from the readers, until it is released again."""
        self.move("withdraw")

    # what its request taught later: readers have the released text until somebody has read the addition, too

    @verb
    def propose(self, addition: str, *, by: Any) -> None:
        """Lay what came after it before those who release it."""
        self.move("propose", addition=addition[:LONGEST])

    @verb
    def take_in(self, text: str, *, by: Any) -> None:
        """The whole text as it is to be read from now on, the addition in it."""
        must_be_said("text", text, pgettext("article", "Text"))
        self.move("take_in", text=text, addition="")

    @verb
    def turn_down(self, *, by: Any) -> None:
        """The article stays as it is."""
        self.move("turn_down", addition="")

    def guard_take_in(self, by: Any) -> None:
        if not self.addition:
            raise Refused(_("There is no addition to this article"), "no_addition")

    guard_turn_down = guard_take_in

    def read(self, by: User) -> None:
        """Somebody has opened it. He counts once, however often he comes back; drafts are not counted."""
        if self.status == self.Status.RELEASED and not self.readings.filter(user=by.pk).exists():
            in_transaction(lambda: self._count(by))

    def _count(self, by: User) -> None:
        _reading, is_new = ArticleReading.objects.get_or_create(article=self, user=by, defaults={"at": clock.now()})
        if is_new:
            KnowledgeArticle.objects.filter(pk=self.pk).update(view_count=F("view_count") + 1)


class ArticleReading(models.Model):
    """That somebody has read an article, and when first."""

    article = models.ForeignKey(KnowledgeArticle, models.CASCADE, related_name="readings", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="reader_once")]
