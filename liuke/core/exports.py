"""Export of a filtered list as CSV or Excel: chosen columns, the rows this person may export, in constant memory."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core import audit, clock, extras, files
from liuke.core.display import Shown, shown, text_field
from liuke.core.doors.columns import field_paths
from liuke.core.errands import Outcome, errand
from liuke.core.field_rights import seen_by
from liuke.core.links import LinkField, tell_links
from liuke.core.listing import Listing
from liuke.core.refusals import Forbidden
from liuke.core.register import resource as resource_named
from liuke.core.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from liuke.core.errands import Progress
    from liuke.core.models import Errand
    from liuke.core.resource import Resource

CHUNK = 2000
BACKGROUND = 5000  # rows above which the worker does it
KINDS = {"xlsx": "Excel", "csv": "CSV"}


class Export:
    """One question to a list, and the columns asked for. Raises Forbidden and ValidationError like the list itself."""

    def __init__(self, resource: Resource, user: Any, params: dict[str, Any], paths: Sequence[str] = ()) -> None:
        for act in ("view", "export"):
            if not resource.may(user, act):
                raise Forbidden
        resource = seen_by(resource, user)
        self.resource, self.user = resource, user
        self.listing = Listing(resource, user, params, action="export")
        if self.listing.deleted:
            raise Forbidden  # the recycle bin is looked at, not carried away
        if self.listing.errors:
            raise ValidationError(self.listing.errors)
        known = all_paths(resource)
        self.columns = [shown(resource.model, path) for path in [one for one in known if one in paths] or known]

    @property
    def is_large(self) -> bool:
        return self.listing.count > BACKGROUND

    @property
    def name(self) -> str:
        return f"{self.resource.label_plural}-{clock.today():%Y%m%d}"

    def write(
        self, file: IO[bytes], kind: str, encoding: str = "utf-8", tell: Callable[[int], None] | None = None
    ) -> int:
        """Write the whole file; returns the number of rows."""
        head, rows = [str(column.label) for column in self.columns], Counted(self.rows(), tell)
        if kind == "csv":
            write_csv(file, head, rows, encoding)
        else:
            write_xlsx(file, head, rows, [n for n, column in enumerate(self.columns) if column.kind == "long"])
        audit.note("export", by=self.user, kind=self.resource.model._meta.label, text=f"{self.name}.{kind}",
                   details={"rows": rows.count, "columns": [column.path for column in self.columns],
                            "asked": self.listing.params})  # fmt: skip
        return rows.count

    def rows(self) -> Iterator[list[Any]]:
        """The cells of each row. Only the ids of all rows are kept; the rest is read and let go of by the chunk.

        Not one long question: while it is open on SQLite, this connection could not write how far it is.
        """
        many = [column for column in self.columns if column.kind == "many"]
        fetch = [column.fetch for column in self.columns if column.kind != "many"]
        rows = extras.annotated(self.listing.filtered, self.resource, fetch).values_list("pk", *fetch)
        pks = array("q", self.listing.ordered.values_list("pk", flat=True).iterator(chunk_size=CHUNK))
        for start in range(0, len(pks), CHUNK):
            chunk = pks[start : start + CHUNK].tolist()
            found = {pk: values for pk, *values in rows.filter(pk__in=chunk)}
            self._tell_links(found)
            chosen = [_chosen(self.resource.model, column, chunk) for column in many]
            for pk in filter(found.__contains__, chunk):
                yield self._cells(iter(found[pk]), iter([texts.get(pk, "") for texts in chosen]))

    def _tell_links(self, found: dict[int, list[Any]]) -> None:
        """Links as their records are called, where this person sees them."""
        told = [column for column in self.columns if column.kind != "many"]
        for place, column in enumerate(told):
            if isinstance(column.field, LinkField):
                links = [{column.path: values[place]} for values in found.values()]
                tell_links(self.listing.user, links, column.path)
                for values, link in zip(found.values(), links, strict=True):
                    values[place] = column.text(link[column.path]) if link[column.path] else ""

    def _cells(self, values: Iterator[Any], many: Iterator[str]) -> list[Any]:
        return [next(many) if column.kind == "many" else _cell(column, next(values)) for column in self.columns]


class Counted:
    """Rows that are counted, and told of, as they go by."""

    def __init__(self, rows: Iterator[list[Any]], tell: Callable[[int], None] | None) -> None:
        self.rows, self.tell, self.count = rows, tell, 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            self.count += 1
            if self.tell and self.count % CHUNK == 0:
                self.tell(self.count)
            yield row


def all_paths(resource: Resource) -> list[str]:
    """The list's columns first, then every other field of the form, and all added fields."""
    fields = [name for name in resource.field_names if name not in resource.guarded]
    return list(dict.fromkeys([*field_paths(resource), *fields, *extras.by_path(resource)]))


def _cell(column: Shown, value: Any) -> Any:
    """Numbers and days stay what they are, so that a spreadsheet can count with them."""
    if value is None or value == "":
        return ""
    if column.kind in ("choice", "bool", "datetime", "date"):
        return column.text(value)
    return value


def _chosen(model: Any, column: Shown, pks: list[int]) -> dict[int, str]:
    """Many-to-many choices of a chunk as texts, in one question."""
    name = column.path
    text = f"{name}__{text_field(column.reference.related_model)}"
    found: dict[int, list[str]] = {}
    chosen = model._base_manager.filter(pk__in=pks, **{f"{name}__isnull": False})
    for pk, word in chosen.order_by(name).values_list("pk", text):
        found.setdefault(pk, []).append(word)
    return {pk: "、".join(words) for pk, words in found.items()}


@errand("export")
def run_export(errand: Errand, progress: Progress) -> Outcome:
    """The same in the background. After a crash it begins anew: only a whole file is given out."""
    asked = errand.params
    params = {name: tuple(value) if isinstance(value, list) else value for name, value in asked["params"].items()}
    export = Export(resource_named(asked["resource"]), errand.user, params, asked["columns"])
    total, path = export.listing.filtered.count(), files.new_path("exports", asked["kind"])
    progress(0, total)
    try:
        with files.create(path) as file:
            count = export.write(file, asked["kind"], asked["encoding"], progress)
    except BaseException:
        files.remove(path)
        raise
    words = _("%(count)s rows") % {"count": f"{count:,}"}
    return Outcome(words, file=path, file_name=f"{export.name}.{asked['kind']}")
