"""Taking an import back: new records go to the bin, changed ones get their old values, what was touched stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core import clock, extras
from liuke.core.errands import Outcome, errand
from liuke.core.imports.running import AT_ONCE, _import_of
from liuke.core.many import Draft
from liuke.core.many.references import load_parents
from liuke.core.many.writing import choose, extend, tell, write
from liuke.core.models import Import, ImportedRow, Record
from liuke.core.register import resource
from liuke.core.verbs import in_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liuke.core.errands import Progress
    from liuke.core.models import Errand

Row = ImportedRow.Outcome


class Undo(Draft):
    """A record on its way back."""

    act = "update"

    @property
    def verb(self) -> str:
        return self.act


@errand("import-undo")
def undo_import(errand: Errand, progress: Progress) -> Outcome:
    """Row by row from the end; a row that is undone is forgotten, so that a second run goes on with the rest."""
    of = _import_of(errand, Import.State.UNDOING)
    done, total = 0, of.created + of.updated
    while rows := list(_left(of)[:AT_ONCE]):
        in_transaction(lambda rows=rows: _undo(of, rows))  # type: ignore[misc]
        done += len(rows)
        progress(done, total)
    of.step(Import.State.UNDONE, out_of=(Import.State.UNDOING,))
    kept = of.rows.filter(outcome=Row.KEPT).count()
    words = _("%(undone)s rows undone, %(kept)s left as they are") % {"undone": total - kept, "kept": kept}
    return Outcome(words, url=f"{of.url}result/")


def _left(of: Import) -> Any:
    return of.rows.filter(outcome__in=(Row.CREATED, Row.UPDATED)).order_by("-line")


def _undo(of: Import, rows: list[ImportedRow]) -> None:
    model: Any = resource(of.resource).model
    locked = model._base_manager.select_for_update(of=("self",), no_key=True)
    records = {one.pk: one for one in locked.filter(pk__in=[row.object_id for row in rows]).order_by("pk")}
    used = _used(model, [row.object_id for row in rows if row.outcome == Row.CREATED])
    known = extras.by_path(resource(of.resource))
    back: list[tuple[ImportedRow, Undo]] = []
    for row in rows:
        record = records.get(row.object_id)
        if reason := _kept(row, record, used):
            row.outcome, row.reason = Row.KEPT, reason
        else:
            back.append((row, _undo_of(row, records[row.object_id])))
    kept = [row for row in rows if row.outcome == Row.KEPT]
    ImportedRow.objects.bulk_update(kept, ["outcome", "reason"])
    ImportedRow.objects.filter(pk__in=[row.pk for row in rows if row.outcome != Row.KEPT]).delete()
    drafts = [draft for _row, draft in back]
    if drafts:
        load_parents(drafts)
        for row, draft in back:
            _back(row, draft, known)
        write(drafts)
        choose(drafts)
        extend(drafts)
        tell(drafts, of.user, _("Import of %(file)s undone") % {"file": of.file_name})


def _undo_of(row: ImportedRow, record: Any) -> Undo:
    several = {field.name for field in record._meta.many_to_many}
    many = {name: chosen for name, chosen in row.old.items() if name in several}
    return Undo(record, {name: None for name in row.old if name not in many}, many)


def _kept(row: ImportedRow, record: Any, used: set[int]) -> str:
    """Why the record has to stay as it is, or nothing."""
    if record is None or record.deleted_at:
        return _("it has been deleted since")
    if record.version != row.version:
        return _("“%(record)s” has been changed since") % {"record": record}
    if record.pk in used:
        return _("“%(record)s” is in use by other records") % {"record": record}
    return ""


def _used(model: Any, pks: list[Any]) -> set[int]:
    """Which of the records others point at, by one question for each kind of them."""
    found: set[int] = set()
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if issubclass(other, Record):
            name = relation.field.name
            alive = other._base_manager.filter(**{f"{name}__in": pks}, deleted_at=None)
            found |= set(alive.values_list(name, flat=True))
    return found


def _back(row: ImportedRow, draft: Undo, known: Mapping[str, extras.Extra]) -> None:
    record = draft.record
    draft.remember()
    if row.outcome == Row.CREATED:
        draft.act = "delete"
        record.deleted_at = clock.now()
    draft.added = {path: row.old[path] for path in draft.added if path in known}  # none of a field deleted since
    for name in draft.values:
        value = row.old[name]
        field: Any = record._meta.get_field(name)
        if field.is_relation and field.is_cached(record):
            field.delete_cached_value(record)
        setattr(record, field.attname, value if field.is_relation else field.to_python(value))
    record.version += 1
    record.updated_at = clock.now()
