"""Where the log goes: to stderr for people, into the data folder for programs, one entry a line each."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from liuke.core.held_back import HeldBack


class OneLine(logging.Formatter):
    """Nobody can forge an entry by typing a line break into a field: it is written as \\n."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")


class JsonLine(logging.Formatter):
    """One JSON object an entry; what a call tells beside its words, `extra={"told": …}`, gets fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        entry |= {key: value for key, value in getattr(record, "told", {}).items() if key not in entry}
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


class NoTraceback(logging.Filter):
    """For what a stranger can cause at will: one line is enough, pages of it would hide the rest."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True


def logging_config(data_dir: Path, *, debug: bool) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": OneLine, "format": "{asctime} {levelname} {name} [{process}] {message}", "style": "{"},
            "json": {"()": JsonLine},
        },
        "filters": {"no_traceback": {"()": NoTraceback}, "held_back": {"()": HeldBack}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
            # Several processes append to it, so it is cut by `liuke serve` at its start, never while they write.
            "file": {
                "class": "logging.FileHandler",
                "filename": data_dir / "liuke.log",
                "encoding": "utf-8",
                "delay": True,
                "formatter": "json",
                "level": "WARNING",
            },
        },
        "root": {"handlers": ["stderr", "file"], "level": "INFO" if debug else "WARNING"},
        "loggers": {
            "liuke": {"level": "INFO"},
            "django": {"level": "INFO" if debug else "WARNING"},
            "django.request": {"filters": ["held_back"]},
            "django.security.DisallowedHost": {"filters": ["no_traceback"]},
        },
    }
