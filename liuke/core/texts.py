"""`liuke texts`: gather the English source texts, hold them against the Chinese ones, compile. No Django, no server.

Django's own makemessages misses texts in Jinja2 templates and asks for GNU gettext; Babel reads both in plain Python.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
CHINESE = PACKAGE / "locale/zh_Hans/LC_MESSAGES/django.po"
WHERE = [
    ("**/tests/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
]
# As the environment in liuke.core.jinja is set, else the same block yields two different texts.
HOW = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
HOW["**/templates/**.txt"] = HOW["**/templates/**.html"]
HEADER = """# The Chinese texts of Liuke; the English ones stand in the source.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
ONE, MANY = None, (1, 2)
KEYWORDS = {
    "_": ONE, "gettext": ONE, "gettext_lazy": ONE, "gettext_noop": ONE, "lazy": ONE,
    "ngettext": MANY, "ngettext_lazy": MANY,
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")
HAN = re.compile(r"[\u4e00-\u9fff]")
USAGE = """usage: liuke texts update [--drop]   take new texts over into the catalogue; --drop forgets unused ones
       liuke texts add FILE.tsv      lines of English<TAB>Chinese[<TAB>context]
       liuke texts compile           write what the program reads
       liuke texts check             name every text that is missing, unused, doubtful or lost a placeholder"""


def main(argv: list[str]) -> int:
    acts: dict[str, Callable[..., int]] = {"update": update, "add": add, "compile": compile_texts, "check": check}
    if not argv or argv[0] not in acts:
        print(USAGE, file=sys.stderr)
        return 2
    return acts[argv[0]](*argv[1:])


def update(*options: str) -> int:
    code, chinese = _from_code(), _chinese()
    for key, message in list(chinese.obsolete.items()):  # a text that came back keeps its translation
        if key not in chinese._messages:
            chinese[key] = message
    chinese.obsolete.clear()
    chinese.update(code, no_fuzzy_matching=True, update_creation_date=False)
    if "--drop" in options:
        chinese.obsolete.clear()
    _keep(chinese)
    empty = [message for message in chinese if message.id and not _strings(message)[0]]
    for message in empty:
        print(_name(message))
    print(f"{len(code)} texts, {len(empty)} without Chinese, {len(chinese.obsolete)} unused")
    return 0


def add(*files: str) -> int:
    chinese = _chinese()
    plural = {message.id[0]: message.id for message in _from_code() if isinstance(message.id, tuple)}
    count = 0
    for file in files:
        for english, translation, context in _rows(Path(file)):
            text = plural.get(english, english)
            chinese.delete(text, context)
            chinese.add(text, (translation,) if isinstance(text, tuple) else translation, context=context)
            count += 1
    _keep(chinese)
    print(f"{count} texts from {', '.join(files)}")
    return 0


def compile_texts() -> int:
    for file in CHINESE.parent.parent.parent.glob("*/LC_MESSAGES/*.po"):
        with file.open("rb") as source:
            catalog = read_po(source, locale=file.parent.parent.name)
        with file.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalog)
    return 0


def check() -> int:
    problems = list(_problems(_from_code(), _chinese()))
    print("\n".join(problems) if problems else "Every text has its Chinese.")
    return 1 if problems else 0


def _problems(code: Catalog, chinese: Catalog) -> Iterator[str]:
    for message in code:
        if not message.id:
            continue
        entry = chinese.get(message.id, message.context)
        if any(map(HAN.search, _english(message))):
            yield f"not English: {_name(message)}"
        if entry is None or not all(_strings(entry)):
            yield f"no Chinese: {_name(message)}"
        elif entry.fuzzy:
            yield f"doubtful: {_name(message)}"
        elif any(_placeholders(text) != _placeholders(_english(message)[-1]) for text in _strings(entry)):
            yield f"placeholders differ: {_name(message)} → {_strings(entry)[0]!r}"
    unused = [entry for entry in chinese if entry.id and code.get(entry.id, entry.context) is None]
    for entry in [*unused, *chinese.obsolete.values()]:
        yield f"unused: {_name(entry)}"


def _from_code() -> Catalog:
    catalog = Catalog()
    found = extract_from_dir(
        str(PACKAGE),
        WHERE,
        HOW,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=lambda folder: Path(folder).name not in ("static", "locale"),
    )
    for file, _line, text, comments, context in found:
        catalog.add(text, None, [(Path("liuke", file).as_posix(), 0)], auto_comments=comments, context=context)
    return catalog


def _chinese() -> Catalog:
    if not CHINESE.exists():
        return Catalog(locale="zh_Hans", domain="django", project="Liuke", fuzzy=False)
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def _keep(catalog: Catalog) -> None:
    """Sorted and without line numbers, so that two people who add texts seldom meet in the same line."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=120, sort_output=True, include_lineno=False, omit_header=True)
    CHINESE.parent.mkdir(parents=True, exist_ok=True)
    CHINESE.write_bytes(HEADER.encode() + buffer.getvalue().rstrip() + b"\n")


def _rows(file: Path) -> Iterator[tuple[str, str, str | None]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        cells = [cell.replace("\\n", "\n") for cell in line.split("\t")]
        if len(cells) >= 2 and cells[0] and not line.startswith("#"):
            yield cells[0], cells[1], cells[2] if len(cells) > 2 and cells[2] else None


def _english(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def _strings(message: Message) -> tuple[str, ...]:
    text = message.string
    return tuple(text) or ("",) if isinstance(text, tuple | list) else (text or "",)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _name(message: Message) -> str:
    places = ", ".join(sorted({file for file, _line in message.locations})[:2])
    return f"{_english(message)[0]!r}" + (f" ({places})" if places else "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
