"""What everybody chooses from: the dictionary, industries, cities, and the settings of the house."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from liuke.core import options
from liuke.core.models import Record
from liuke.core.refusals import Refused
from liuke.core.verbs import verb


class Category:
    """The dictionary categories that code asks for by name; administrators add more as they like."""

    SERVICE_TYPE = "服务类型"
    CUSTOMER_LEVEL = "客户等级"
    REGION = "地区"
    CUSTOMER_TYPE = "客户类型"
    COMPLAINT = "投诉类别"
    SOURCE = "信息来源"
    NATURE = "公司性质"
    SCALE = "公司规模"
    SATISFACTION = "客户满意度"
    CREDIT = "客户信用度"
    STAGE = "机会阶段"
    COMPETITOR = "竞争对手类别"
    EXPENSE = "费用类型"
    ACTIVITY = "活动类型"
    KNOWLEDGE = "知识类别"
    TURNOVER = "年营业额"
    NOTE_KIND = "跟进方式"
    INTERACTION = "交往方式"


class DictionaryItem(Record):
    """One choice of a select input: category, what people read (entry), what is stored (value)."""

    TEXT = "entry"

    category = models.CharField(lazy("Category"), max_length=50)
    entry = models.CharField(lazy("Entry"), max_length=50)
    value = models.CharField(lazy("Value"), max_length=50)
    editable = models.BooleanField(lazy("Editable"), default=True,
                                   help_text=lazy("An item that is not editable stays as it is for good"))  # fmt: skip
    position = models.PositiveSmallIntegerField(lazy("Order"), default=0)

    class Meta:
        verbose_name = lazy("Dictionary item")
        verbose_name_plural = lazy("Data dictionary")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "value"], condition=models.Q(deleted_at=None), name="dictionary_value_once",
                violation_error_message=lazy("This category has this value already"),
            )
        ]  # fmt: skip

    def guard_update(self, by: Any) -> None:
        self._must_be_editable()
        self._keep_category = self.category if in_use(self) else None

    def guard_delete(self, by: Any) -> None:
        self._must_be_editable()
        must_not_be_in_use(self)

    def clean(self) -> None:
        kept = getattr(self, "_keep_category", None)
        if kept and self.category != kept:
            raise ValidationError({"category": _("Still in use, the category has to stay")})

    def _must_be_editable(self) -> None:
        if not self.editable:
            raise Refused(_("This item is fixed and can only be viewed"), "not_editable")


class Industry(Record):
    name = models.CharField(lazy("Name"), max_length=50)

    class Meta:
        verbose_name = lazy("Industry")
        verbose_name_plural = lazy("Industries")
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(deleted_at=None), name="industry_name_once",
                violation_error_message=lazy("This industry exists already"),
            )
        ]  # fmt: skip

    def guard_delete(self, by: Any) -> None:
        must_not_be_in_use(self)


class City(Record):
    name = models.CharField(lazy("Name"), max_length=50)
    province = models.CharField(lazy("Province"), max_length=50, blank=True)

    class Meta:
        verbose_name = lazy("City")
        verbose_name_plural = lazy("Cities")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "province"], condition=models.Q(deleted_at=None), name="city_name_once",
                violation_error_message=lazy("This city exists already"),
            )
        ]  # fmt: skip

    def guard_delete(self, by: Any) -> None:
        must_not_be_in_use(self)


class CalendarDay(Record):
    """A date that is worked, or free, unlike its weekday: a holiday, or a weekend made up for one (S-13)."""

    class Kind(models.TextChoices):
        FREE = "free", lazy("Day off")
        WORKED = "worked", lazy("Worked")

    TONES = {"kind": {"free": "green", "worked": "amber"}}

    name = models.CharField(lazy("Name"), max_length=50)
    date = models.DateField(lazy("Date"))
    kind = models.CharField(lazy("This day is"), max_length=10, choices=Kind.choices, default=Kind.FREE)

    class Meta:
        verbose_name = lazy("Calendar day")
        verbose_name_plural = lazy("Working calendar")
        constraints = [
            models.UniqueConstraint(
                fields=["date"], condition=models.Q(deleted_at=None), name="calendar_day_once",
                violation_error_message=lazy("The calendar has this date already"),
            )
        ]  # fmt: skip


class SystemSetting(models.Model):
    """A setting that differs from its default. Which there are is declared in `core.options`."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.JSONField()


class SettingsChange(Record):
    """One save of the settings page: the record that carries its event, so that settings have a history too."""

    summary = models.JSONField(lazy("Changes"), default=dict)

    class Meta:
        verbose_name = lazy("Change of settings")
        verbose_name_plural = lazy("Changes of settings")

    def __str__(self) -> str:
        return ", ".join(self.summary)

    @verb
    def apply(self, values: dict[str, Any], *, by: Any) -> None:
        """Store every value that differs from what is in force."""
        self.created_by = by
        self.summary = {key: [options.get(key), new] for key, new in values.items() if _differ(options.get(key), new)}
        self.save()
        for key, (_old, new) in self.summary.items():
            SystemSetting.objects.update_or_create(key=key, defaults={"value": new})


def _differ(old: Any, new: Any) -> bool:
    """Lists are sets here, of names or of pairs: their order means nothing."""
    if isinstance(old, list) and isinstance(new, list):
        return sorted(map(str, old)) != sorted(map(str, new))
    return bool(old != new)


from .custom_fields import CustomField, CustomValue  # noqa: E402, F401  a file of their own


def in_use(record: models.Model) -> bool:
    """Whether any row of any model points at this one."""
    model = type(record)
    return any(
        field.model._base_manager.filter(**{field.name: record}).exists()
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (field := relation.remote_field)
    )


def must_not_be_in_use(record: models.Model) -> None:
    if in_use(record):
        raise Refused(_("Still in use, it cannot be deleted"), "in_use")
