"""What a person is told: one row a notice, kept as a kind and its words, so that each reads it in his language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from liuke.core import clock
from liuke.core.field_rights import rights_of
from liuke.core.register import has_resource, resource_of


class Notice(models.Model):
    """One thing told to one person, once for an occasion (an event, or a day of a reminder)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    event = models.ForeignKey("core.Event", models.CASCADE, null=True, related_name="+")
    # "event 812" or "marketing.Opportunity 12 2026-11-22": columns with nulls would not be unique together.
    occasion = models.CharField(max_length=150)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Notice")
        verbose_name_plural = _("Notices")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "occasion"], name="one_notice_an_occasion")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_of_user"),
            models.Index(fields=["user", "-id"], condition=models.Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The sentence, in the language of whoever reads it now."""
        return self._said(self.params)

    def text_for(self, user: Any) -> str:
        """The same; who may not see all fields of what it is about gets none of its details."""
        names = {name for name, _field in rights_of(user).hidden}
        about = {self.url.strip("/").partition("/")[0], *self._kind_of_event(bool(names))}
        kept = self.params if names.isdisjoint(about) else dict.fromkeys(self.params, "--") | {
            name: self.params[name] for name in ("record", "actor") if name in self.params
        }  # fmt: skip
        return self._said(kept)

    def _kind_of_event(self, asked: bool) -> set[str]:
        model = self.event.content_type.model_class() if asked and self.event else None
        return {resource_of(model).name} if model and has_resource(model) else set()

    def _said(self, words: dict[str, Any]) -> str:
        from liuke.core.notices import kind_of

        return str(kind_of(self.kind).text) % _Words(words)


class _Words(dict):
    """A word that an older version did not keep is missing, not a fault of the page."""

    def __missing__(self, name: str) -> str:
        return str(self.get("record", ""))
