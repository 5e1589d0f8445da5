"""The connection to their database: read only, a frozen view of it, never waiting for ever, errors in our words."""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from django.utils.translation import gettext as _
from sqlalchemy import event, exc

from .address import read_address, scrubbed, shown
from .line import Line, open_file
from .patience import Patience
from .refusing import SalesSystemError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import URL, Connection

    from .mapping import Mapping

T = TypeVar("T")
CONNECT_SECONDS = 10
AT_ONCE = 1000  # rows fetched at a time: what bounds the memory
REFUSED = re.compile(r"access denied|authentication failed|login failed|ora-01017|password", re.IGNORECASE)
LATE = re.compile(r"timed? ?out|timeout|stopped answering", re.IGNORECASE)
logger = logging.getLogger("liuke.sales_system")
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # that a broken line is broken is told by us, once


class Source:
    """Their database, open for one look. `rows` streams; nothing else reads meanwhile."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self.connection, self.patience = connection, patience

    def ask(self, question: Callable[[Any], T]) -> T:
        """What its catalogue answers: `question` is given SQLAlchemy's inspector."""
        with self.patience:
            return question(sa.inspect(self.connection))

    def rows(self, select: Any) -> Iterator[tuple[Any, ...]]:
        with self.patience:
            result = self.connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(select)
        parts = result.partitions()
        while True:
            with self.patience:
                part = next(parts, None)
            if part is None:
                return
            yield from part

    def count(self, select: Any) -> int:
        with self.patience:
            asked = sa.select(sa.func.count()).select_from(select.order_by(None).subquery())
            return int(self.connection.execute(asked).scalar_one())


@contextmanager
def opened(url: str, mapping: Mapping) -> Iterator[Source]:
    """Connect for one look. Raises SalesSystemError, whose words hold neither user nor password."""
    address, line = read_address(url), Line()
    engine = _engine(address, mapping.timeout, line)
    patience = Patience(mapping.timeout, line.hang_up)
    try:
        with _told(address, mapping.timeout, patience), _connected(engine, address, line, patience) as connection:
            yield Source(connection, patience)
    finally:
        patience.end()
        engine.dispose()


def _engine(address: URL, timeout: int, line: Line) -> sa.Engine:
    options: dict[str, Any] = {"poolclass": sa.pool.NullPool, "hide_parameters": True}
    backend = address.get_backend_name()
    if backend == "sqlite":
        options["creator"] = lambda: line.keep(open_file(address.database or "", timeout))
    elif backend == "mysql":
        seconds = {"connect_timeout": CONNECT_SECONDS, "read_timeout": timeout, "write_timeout": timeout}
        options |= {"connect_args": seconds, "isolation_level": "REPEATABLE READ"}
    elif backend == "postgresql":
        options |= {"connect_args": {"connect_timeout": CONNECT_SECONDS}, "isolation_level": "REPEATABLE READ"}
    elif backend == "mssql":
        options["connect_args"] = {"login_timeout": CONNECT_SECONDS, "timeout": timeout}
    elif backend == "oracle":
        options["connect_args"] = {"tcp_connect_timeout": CONNECT_SECONDS}
    try:
        engine = sa.create_engine(address, **options)
    except (exc.NoSuchModuleError, ModuleNotFoundError):
        raise SalesSystemError(
            _("The driver for %(kind)s is not installed here; the manual says how to") % {"kind": backend}
        ) from None
    event.listen(engine, "do_connect", line.connect)  # the line is known before the first word on it
    return engine


@contextmanager
def _connected(engine: sa.Engine, address: URL, line: Line, patience: Patience) -> Iterator[Connection]:
    with patience:
        connection = engine.connect()
    with connection:
        try:
            with patience:
                frozen = _frozen(connection, address.get_backend_name())
            yield frozen
        except BaseException:
            line.quiet()
            raise
        with suppress(exc.SQLAlchemyError), patience:
            connection.rollback()


def _frozen(connection: Connection, backend: str) -> Connection:
    """One view of all tables, whatever others write meanwhile, and no way to write."""
    if backend == "mysql":
        connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
        connection.commit()
        connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT")
    elif backend == "postgresql":
        return connection.execution_options(postgresql_readonly=True)
    elif backend == "sqlite":
        connection.exec_driver_sql("BEGIN")
    return connection


@contextmanager
def _told(address: URL, timeout: int, patience: Patience) -> Iterator[None]:
    """Turn what drivers raise into our words. The drivers' own words go to the log, without the password."""
    try:
        yield
    except SalesSystemError:
        raise
    except (exc.SQLAlchemyError, OSError, sqlite3.Error, UnicodeError, ValueError, IndexError, KeyError,
            AssertionError, TypeError, AttributeError, OverflowError, EOFError) as error:  # fmt: skip
        # What a garbled stream makes a driver stumble over is not only its own errors.
        words = scrubbed(str(getattr(error, "orig", None) or error), address)
        logger.warning("The sales system %s: %s: %s", shown(address), type(error).__name__, words)
        raise _refusal(address, "timeout" if patience.given_up else words, timeout) from None


def _refusal(address: URL, words: str, timeout: int) -> SalesSystemError:
    place = shown(address)
    if REFUSED.search(words):
        return SalesSystemError(_("The sales system %(place)s refuses user or password") % {"place": place})
    if LATE.search(words):
        return Unreachable(_("The sales system %(place)s did not answer within %(seconds)s seconds")
                           % {"place": place, "seconds": timeout})  # fmt: skip
    if not re.search(r"[A-Za-z]{4}", words):  # a driver that stumbled over nonsense says no more than "(0, '')"
        words = _("its answer makes no sense")
    return Unreachable(
        _("The sales system %(place)s cannot be read: %(error)s") % {"place": place, "error": words[:200]}
    )
