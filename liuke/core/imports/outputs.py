"""What people fetch around an import: the template to fill in, and the file of rows that did not go in."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuke.core.imports import cells
from liuke.core.imports.sheets import DELIMITERS, Serial, Source
from liuke.core.imports.targets import reason_header, targets_of
from liuke.core.models import Import, ImportedRow
from liuke.core.tables import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liuke.core.imports.targets import Target
    from liuke.core.resource import Resource

MOST_CHOICES = 50


def template(resource: Resource, user: Any, kind: str) -> IO[bytes]:
    """The columns of a Resource, those that must be filled in with a star, and in Excel a sheet that explains them."""
    targets = [target for target in targets_of(resource, user).values() if not target.is_key]
    head = [f"{target.label}*" if target.required else target.label for target in targets]
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it when it has been sent
    if kind == "csv":
        write_csv(file, head, [])
    else:
        wide = [place for place, target in enumerate(targets) if target.kind == "long"]
        write_xlsx(file, head, [], wide, [(_("How to fill it in"), [_explained(user, target) for target in targets])])
    file.seek(0)
    return file


def _explained(user: Any, target: Target) -> list[str]:
    needed = _("must be filled in") if target.required else ""
    return [target.label, needed, _how(user, target)]


def _how(user: Any, target: Target) -> str:
    words = {
        "date": _("a day such as 2026-11-22"), "datetime": _("a time such as 2026-11-22 14:08"),
        "money": _("an amount such as 1234.50"), "percent": _("a whole number from 0 to 100"),
        "bool": _("yes or no"), "many": _("names, with 、 between them"),
    }  # fmt: skip
    if target.kind == "choice":
        return _one_of([str(label) for _key, label in target.field.flatchoices])
    if hasattr(target.field, "words"):
        return _one_of([str(label) for key, label in target.field.words() if key])
    if target.kind == "reference":
        return _one_of(choices_of(user, target)) or _("number or name")
    return words.get(target.kind, "")


def choices_of(user: Any, target: Target) -> list[str]:
    """The texts a column may hold, where they are few enough to be listed."""
    from liuke.core.imports.finders import Finder

    finder = Finder(target, user)
    if finder.model.MANY or not finder.text:
        return []
    found = [str(one) for one in finder.rows.values_list(finder.text, flat=True)[: MOST_CHOICES + 1]]
    return found if len(found) <= MOST_CHOICES else []


def _one_of(texts: list[str]) -> str:
    return " / ".join(texts)


def error_file(of: Import) -> tuple[IO[bytes], str]:
    """The rows that failed, as they were, with the reason behind them: put right, it can be uploaded as it is."""
    source = Source(of.file, of.options)
    header = [cell for cell in source.header() if cell != reason_header()]
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it when it has been sent
    name = of.file_name.rpartition(".")[0] or of.file_name
    head, rows = [*header, reason_header()], _failed(of, source, len(header))
    if source.is_excel:
        write_xlsx(file, head, rows, [len(header)])
    else:
        delimiter = DELIMITERS.get(of.options.get("delimiter", ""), ",")
        write_csv(file, head, rows, of.options["encoding"], delimiter)
    file.seek(0)
    return file, f"{name}-{_('errors')}.{of.options['kind']}"


def _failed(of: Import, source: Source, width: int) -> Iterator[list[Any]]:
    reasons = of.rows.filter(outcome=ImportedRow.Outcome.FAILED).order_by("line").values_list("line", "reason")
    waiting = reasons.iterator(chunk_size=1000)
    line, reason = next(waiting, (0, ""))
    for number, row in source.rows():
        if number == line:
            yield [*(_as_it_was(cell) for cell in row[:width] + [None] * (width - len(row))), reason]
            line, reason = next(waiting, (0, ""))


def _as_it_was(cell: Any) -> Any:
    if isinstance(cell, Serial):
        return cell.number
    with suppress(ValidationError):
        return cell if isinstance(cell, str) else cells.text(cell)
    return str(cell)
