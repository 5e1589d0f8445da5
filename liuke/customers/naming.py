"""When two names mean the same company: a key that forgets how a name is written and keeps what it says.

北京太阳科技有限公司 = 北京太阳科技有限责任公司 = 北京 太阳科技（有限公司） = 北京太阳科技
杭州分公司 of it is a company of its own, but related: its key begins with that of the whole and a `~`.
"""

from __future__ import annotations

import re
import unicodedata

LEGAL = (
    "集团股份有限公司", "集团有限责任公司", "控股集团有限公司", "股份有限公司", "有限责任公司", "集团有限公司",
    "控股有限公司", "有限公司",
    "股份公司", "集团公司", "控股公司", "股份合作公司", "股份", "控股", "集团", "公司",
)  # fmt: skip
LATIN_LEGAL = {
    "co", "company", "corp", "corporation", "inc", "incorporated", "limited", "llc", "ltd", "plc", "gmbh", "ag",
    "kg", "sa", "group", "holding", "holdings",
}  # fmt: skip
BRANCH = re.compile(r"(分公司|分厂|分店|分行|分部|分院|分社|办事处|营业部|代表处|事业部|项目部)$")
SHORTEST = 2  # letters a name must keep: 集团公司 alone is not nothing
LATIN = re.compile(r"[a-z0-9]+")
BRANCH_SIGN = "~"
EXTENSION = re.compile(r"(转|分机|ext\.?|x|#|\*).*$", re.IGNORECASE)


def name_key(name: str) -> str:
    """The key of a company's name; "" for one without a letter."""
    whole, branch = _branch(unicodedata.normalize("NFKC", name).casefold())
    return _without_legal_forms(_letters(_without_latin_forms(whole))) + branch


def whole_of(key: str) -> str:
    """The key of the company a branch belongs to; a whole company's own."""
    return key.partition(BRANCH_SIGN)[0]


def phone_key(phone: str) -> str:
    """The digits of a telephone number without country code and extension: the same however it is written."""
    digits = re.sub(r"\D", "", EXTENSION.sub("", unicodedata.normalize("NFKC", phone)))
    return re.sub(r"^(0086|86)(?=\d{10})", "", digits)


def customer_key(kind: str, name: str, phone: str) -> str:
    """People share names: a person is the same when the telephone is, too."""
    if kind != "individual":
        return name_key(name)
    return f"{_letters(unicodedata.normalize('NFKC', name).casefold())}@{phone_key(phone)}"


def _without_latin_forms(name: str) -> str:
    """Without Co., Ltd. and the like at the end."""
    words = list(LATIN.finditer(name))
    end = len(name)
    while len(words) > 1 and words[-1].group() in LATIN_LEGAL and not _letters(name[words[-1].end() : end]):
        end = words.pop().start()
    return name[:end]


def _letters(name: str) -> str:
    return "".join(sign for sign in name if unicodedata.category(sign)[0] in "LN")


def _branch(name: str) -> tuple[str, str]:
    """(the whole company, `~` and the branch); where no legal form divides them, the mark alone is the branch."""
    found = BRANCH.search(name.rstrip())
    if not found:
        return name, ""
    rest = name[: found.start()]
    place = _end_of_form(rest)
    return rest[:place], f"{BRANCH_SIGN}{_letters(rest[place:])}{found[1]}"


def _end_of_form(name: str) -> int:
    """Where the legal form ends that stands in a name, or the name itself."""
    latin = [found.end() for found in LATIN.finditer(name) if found.group() in LATIN_LEGAL]
    places = [name.find(form) + len(form) for form in LEGAL if name.find(form) >= SHORTEST]
    return (places or latin[-1:] or [len(name)])[0]


def _without_legal_forms(name: str) -> str:
    for form in LEGAL:
        if name.endswith(form) and len(name) - len(form) >= SHORTEST:
            return _without_legal_forms(name[: -len(form)])
    return name
