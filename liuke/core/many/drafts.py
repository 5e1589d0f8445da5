"""A row on its way into the database, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError

from liuke.core import extras
from liuke.core.display import shown
from liuke.core.models.event import snapshot

if TYPE_CHECKING:
    from liuke.core.models import Record


@dataclass
class Draft:
    """A record, new or loaded, and what shall be set on it; references as ids or as loaded records."""

    record: Record
    values: dict[str, Any]
    many: dict[str, Any] = field(default_factory=dict)  # many-to-many choices
    state: dict[str, Any] = field(default_factory=dict)  # what only verbs change, for `import_state`
    errors: dict[str, list[str]] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)  # stored values of a changed record
    words: dict[str, str] = field(default_factory=dict)  # what its references were called before
    chosen_before: dict[str, list[int]] = field(default_factory=dict)  # many-to-many choices of a changed record
    number: str = ""  # of the record a line of a file means
    out_of_reach: bool = False

    def __post_init__(self) -> None:
        declared, added = extras.split(self.values)
        self.added = {path: self.values[path] for path in added}
        self.values = {name: self.values[name] for name in declared}
        self.is_new = self.record.pk is None
        self.memory = dict(self.record.__dict__) if self.is_new else {}
        self.given = dict(self.errors)  # what the caller found wrong stays wrong

    def start(self) -> None:
        """As it came: a second attempt begins where the first did."""
        self.errors = {name: list(texts) for name, texts in self.given.items()}
        self.before, self.words = {}, {}
        if self.is_new:
            self.record.__dict__.clear()
            self.record.__dict__.update(self.memory)
            state = self.record._state
            state.adding, state.db = True, None
            state.fields_cache.clear()

    @property
    def says_something(self) -> bool:
        return bool(self.is_new or self.values or self.added or self.many or self.state)

    @property
    def verb(self) -> str:
        return "imported" if self.state else "create" if self.is_new else "update"

    def remember(self) -> None:
        """Keep what the record is now, for its event and for whoever wants it back."""
        self.before = snapshot(self.record) | {"created_at": self.record.created_at}
        for name in self.values:
            field = self.record._meta.get_field(name)
            if field.is_relation and field.is_cached(self.record):
                self.words[name] = str(getattr(self.record, name) or "")

    def refuse(self, name: str, *texts: Any) -> None:
        self.errors.setdefault(name, []).extend(str(text) for text in texts)

    def explain(self, wrong: ValidationError) -> None:
        for name, texts in getattr(wrong, "message_dict", {NON_FIELD_ERRORS: wrong.messages}).items():
            self.refuse(name, *texts)

    def sentences(self) -> list[str]:
        """What is wrong, each with the name of its field."""
        return [f"{self._label(name)}{text}" for name, texts in self.errors.items() for text in texts]

    def _label(self, name: str) -> str:
        try:
            return f"{shown(type(self.record), name).label}："
        except FieldDoesNotExist:  # what is wrong with the row as a whole
            return ""
