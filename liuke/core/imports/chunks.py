"""Saving one chunk of rows: new ones, changed ones, skipped ones, and what is noted of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core import extras
from liuke.core.field_rights import seen_by
from liuke.core.many import Draft, save_many
from liuke.core.models import Import, ImportedRow

if TYPE_CHECKING:
    from liuke.core.imports.matching import Matcher
    from liuke.core.imports.reading import Line, Reader

    Numbered = tuple[int, Draft]

Rule, Outcome = Import.Rule, ImportedRow.Outcome


class Chunk:
    """A thousand rows or fewer, on their way in by the rule for those that are there already."""

    def __init__(self, of: Import, reader: Reader, matcher: Matcher) -> None:
        self.of, self.reader, self.matcher = of, reader, matcher
        self.fixed = seen_by(reader.resource, of.user).fixed
        self.rows: list[ImportedRow] = []
        self.stored: dict[int, extras.Values] = {}
        self.counts = {"created": 0, "updated": 0, "skipped": 0, "failed": 0}

    def save(self, lines: list[Line]) -> None:
        waiting = list(zip((number for number, _row in lines), self.reader.drafts(lines), strict=True))
        while waiting:
            waiting = self._round(waiting)

    def _round(self, waiting: list[Numbered]) -> list[Numbered]:
        """Save what names each record for the first time; returns what names one again, for the next round."""
        found = {} if self.of.rule == Rule.NEW else self.matcher.found([draft for _line, draft in waiting])
        self._remember(found, waiting)
        now: list[Numbered] = []
        later: list[Numbered] = []
        named: set[Any] = set()
        for line, draft in waiting:
            key = None if draft.errors or self.of.rule == Rule.NEW else self.matcher.key(draft)
            if key in found and self.of.rule == Rule.SKIP:
                self.counts["skipped"] += 1
            elif key is not None and key in named:
                later.append((line, draft))
            else:
                now.append((line, self._change(draft, found[key]) if key in found else self._new(draft)))
                named.add(key)
        self._save(now)
        return later

    def _remember(self, found: dict[Any, Any], waiting: list[Numbered]) -> None:
        """What the records have now in added fields, where the lines say something of these."""
        pks = [record.pk for record in found.values()] if any(draft.added for _line, draft in waiting) else []
        self.stored = extras.stored(self.reader.resource, pks)

    def _new(self, draft: Draft) -> Draft:
        if draft.number and not draft.errors and self.of.rule == Rule.UPDATE:
            draft.refuse("number", _("There is no record of this number"))
            draft.given = dict(draft.errors)
        self.reader.fresh(draft)
        return draft

    def _change(self, draft: Draft, record: Any) -> Draft:
        """Only what differs is a change; what this person may not write is not looked at."""
        said = {name: value for name, value in draft.values.items() if name not in self.fixed}
        values = {name: value for name, value in said.items() if _differs(record, name, value)}
        values |= extras.differing(draft.added, self.stored.get(record.pk, {}))
        many = {name: chosen for name, chosen in draft.many.items() if set(getattr(record, name).all()) != set(chosen)}
        moved = any(_differs(record, name, value) for name, value in draft.state.items())
        changed = Draft(record, values, many, draft.state if moved else {})
        changed.chosen_before = {name: [one.pk for one in getattr(record, name).all()] for name in many}
        return changed

    def _save(self, now: list[Numbered]) -> None:
        changes = [one for one in now if one[1].says_something]
        self.counts["skipped"] += len(now) - len(changes)  # nothing differs
        note = _("Import of %(file)s") % {"file": self.of.file_name}
        save_many([draft for _line, draft in changes if draft.is_new], self.of.user, action="import", note=note)
        save_many([draft for _line, draft in changes if not draft.is_new], self.of.user, note=note)
        for line, draft in changes:
            self._note(line, draft)

    def _note(self, line: int, draft: Draft) -> None:
        if draft.errors:
            self.counts["failed"] += 1
            reason = "；".join(draft.sentences())
            self.rows.append(ImportedRow(of=self.of, line=line, outcome=Outcome.FAILED, reason=reason))
            return
        outcome = Outcome.CREATED if draft.is_new else Outcome.UPDATED
        self.counts[outcome.value] += 1
        self.rows.append(
            ImportedRow(
                of=self.of, line=line, outcome=outcome, object_id=draft.record.pk, version=draft.record.version,
                old=_old(draft) | draft.chosen_before | self._added(draft),
            )
        )  # fmt: skip

    def _added(self, draft: Draft) -> dict[str, Any]:
        """What a changed record had in added fields before."""
        before = {} if draft.is_new else self.stored.get(draft.record.pk, {})
        return {} if draft.is_new else {path: extras.core(before.get(path)) for path in draft.added}


def _differs(record: Any, name: str, value: Any) -> bool:
    field = record._meta.get_field(name)
    return getattr(record, field.attname) != getattr(value, "pk", value)


def _old(draft: Draft) -> dict[str, Any]:
    if draft.is_new:
        return {}
    record = draft.record
    return {
        field.name: draft.before[field.name]
        for field in record._meta.concrete_fields
        if field.name in draft.before and draft.before[field.name] != getattr(record, field.attname)
    }
