"""A report as a file: at once when it is small, from the task centre when it is large."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from liuke.core import audit, clock, files, toasts
from liuke.core.doors.addresses import STEPS
from liuke.core.doors.addresses import asked as read
from liuke.core.doors.common import go
from liuke.core.errands import Outcome, errand, start
from liuke.core.exports import BACKGROUND, Counted
from liuke.core.tables import write_csv, write_xlsx

from .pages import must_allow, must_make_sense
from .report import reports
from .sheet import for_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from django.http import FileResponse, HttpRequest, HttpResponse

    from liuke.core.errands import Progress
    from liuke.core.models import Errand

    from .report import Asked, Report


def report_file(request: HttpRequest, report: Report, kind: str) -> HttpResponse | FileResponse:
    """The table as CSV or Excel; it holds nothing that is not in the report."""
    must_allow(request.user, report, "export")
    params = {name: value for name, value in read(request.GET).items() if name not in STEPS}
    asked = report.ask(request.user, params, "export")
    must_make_sense(asked)
    if report.count(asked) > BACKGROUND:
        label = _("Export of %(what)s") % {"what": report.title}
        start("report", request.user, label, report=report.home, params=params, kind=kind)
        toasts.add(request, _("The export runs in the background, its file will be kept here"))
        return go(request, "/errands/")
    file: Any = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it when it has been sent
    _write(file, asked, kind)
    file.seek(0)
    return files.answer(file, _name(report, kind))


def _write(file: IO[bytes], asked: Asked, kind: str, tell: Callable[[int], None] | None = None) -> int:
    columns = asked.report.columns(asked)
    head, rows = [str(column.label) for column in columns], Counted(_rows(asked), tell)
    if kind == "csv":
        write_csv(file, head, rows)
    else:
        write_xlsx(file, head, rows, [place for place, column in enumerate(columns) if not column.is_number])
    audit.note("export", by=asked.user, kind=asked.report.home, text=_name(asked.report, kind),
               details={"rows": rows.count, "asked": asked.params})  # fmt: skip
    return rows.count


def _rows(asked: Asked) -> Iterator[list[Any]]:
    columns = asked.report.columns(asked)
    for line in asked.report.lines(asked):
        yield for_file(columns, line.values)


def _name(report: Report, kind: str) -> str:
    return f"{report.title}-{clock.today():%Y%m%d}.{kind}"


@errand("report")
def run_report(errand: Errand, progress: Progress) -> Outcome:
    """The same in the background, by the rights the person has then."""
    report = next(one for one in reports() if one.home == errand.params["report"])
    must_allow(errand.user, report, "export")
    asked, kind = report.ask(errand.user, errand.params["params"], "export"), errand.params["kind"]
    path = files.new_path("exports", kind)
    progress(0)
    try:
        with files.create(path) as file:
            count = _write(file, asked, kind, progress)
    except BaseException:
        files.remove(path)
        raise
    words = _("%(count)s rows") % {"count": f"{count:,}"}
    return Outcome(words, file=path, file_name=_name(report, kind))
