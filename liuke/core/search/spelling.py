"""How Chinese is read aloud: syllables without tones, also the other ways in which a character may be read."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Any

# What names of companies, people and places do with characters that a dictionary of words reads otherwise.
OTHERWISE = {
    "重": "zhong chong", "单": "dan shan", "仇": "chou qiu", "曾": "ceng zeng", "解": "jie xie", "查": "cha zha",
    "盖": "gai ge", "区": "qu ou", "朴": "pu piao", "翟": "zhai di", "秘": "mi bi", "缪": "miao mou", "乐": "le yue",
    "覃": "qin tan", "员": "yuan yun", "种": "zhong chong", "繁": "fan po", "召": "zhao shao", "折": "zhe she",
    "长": "chang zhang", "行": "xing hang", "厦": "sha xia", "会": "hui kuai", "朝": "chao zhao", "调": "diao tiao",
    "传": "chuan zhuan", "沈": "shen chen", "薄": "bao bo", "晟": "cheng sheng", "莘": "xin shen", "六": "liu lu",
    "埔": "pu bu", "蚌": "bang beng", "番": "fan pan", "尉": "wei yu", "柏": "bai bo", "铅": "qian yan",
    "降": "jiang xiang", "藏": "cang zang", "都": "du dou", "句": "ju gou", "车": "che ju", "宿": "su xiu",
    "率": "lv shuai", "参": "can shen", "弹": "dan tan", "贾": "jia gu", "角": "jiao jue", "校": "xiao jiao",
    "强": "qiang jiang", "盛": "sheng cheng", "洗": "xi xian", "系": "xi ji", "叶": "ye xie", "冯": "feng ping",
    "万": "wan mo", "黑": "hei he", "阿": "a e", "堡": "bao pu", "浒": "hu xu", "荥": "xing ying", "歙": "she xi",
    "涡": "wo guo", "泌": "mi bi", "筠": "yun jun", "犍": "jian qian", "莞": "guan wan", "大": "da dai", "模": "mo mu",
    "石": "shi dan", "绿": "lv lu", "吕": "lv lu", "女": "nv nu", "旅": "lv lu", "律": "lv lu", "铝": "lv lu",
    "略": "lve lue", "掠": "lve lue",
}  # fmt: skip
LONGEST = 4  # words that are looked at as a whole

Spelled = list[tuple[str, str]]  # characters with their syllables; other signs stand for themselves


def clean(text: str) -> str:
    """As texts are compared: one width, one case; what no database can hold or no one can see is a gap."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return folded if folded.isprintable() else "".join(c if _is_visible(c) else " " for c in folded)


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")


def is_read(char: str) -> bool:
    """Whether it is a character that has a reading."""
    return char > "\u2e80" and char in _characters()


def readings(run: str) -> list[Spelled]:
    """The ways to read a run of signs, the usual one first; each other one differs from it in one character."""
    return [spelled for spelled, _around in ways_to_read(run)]


def ways_to_read(run: str) -> list[tuple[Spelled, slice]]:
    """The same, each with the part that matters: where it differs, and one character to each side."""
    usual = _usual(run)
    ways = [(usual, slice(None))]
    for place, char in enumerate(run):
        for other in OTHERWISE.get(char, "").split():
            if other != usual[place]:
                ways.append(([*usual[:place], other, *usual[place + 1 :]], slice(max(place - 1, 0), place + 2)))
    return [(list(zip(run, way, strict=True)), around) for way, around in ways]


def readings_of(char: str) -> set[str]:
    return {way[0][1] for way in readings(char)}


def _usual(run: str) -> list[str]:
    """As the longest known words in it are read; a sign without a reading stands for itself."""
    characters, (words, heads) = _characters(), _words()
    found: list[str] = []
    while (place := len(found)) < len(run):
        word = _word_at(place, run, words) if run[place : place + 2] in heads else ""
        if word:
            found += [_plain(ways[0]) for ways in words[word]]
        else:
            found.append(characters.get(run[place], run[place]))
    return found


def _word_at(place: int, run: str, words: dict[str, Any]) -> str:
    known = (run[place : place + length] for length in range(LONGEST, 1, -1))
    return next((one for one in known if one in words), "")


@cache
def _characters() -> dict[str, str]:
    from pypinyin.constants import PINYIN_DICT  # takes a moment to load: not before it is needed

    return {chr(code): _plain(ways.partition(",")[0]) for code, ways in PINYIN_DICT.items()}


@cache
def _words() -> tuple[dict[str, list[list[str]]], frozenset[str]]:
    """How words are read, and how they begin."""
    from pypinyin.constants import PHRASES_DICT

    words = {word: ways for word, ways in PHRASES_DICT.items() if len(word) == len(ways) <= LONGEST}
    return words, frozenset(word[:2] for word in words)


@lru_cache(maxsize=5000)
def _plain(syllable: str) -> str:
    """Without its tone, and with v for ü."""
    parts = unicodedata.normalize("NFD", syllable.replace("ü", "v").replace("ê", "e"))
    return "".join(one for one in parts.replace("u\u0308", "v") if one.isascii())


@cache
def syllables() -> frozenset[str]:
    """All there are, without tones."""
    others = {one for ways in OTHERWISE.values() for one in ways.split()}
    return frozenset(one for one in {*_characters().values(), *others} if one.isalpha() and set(one) & set("aeiouv"))


@lru_cache(maxsize=2000)
def beginning(start: str) -> tuple[str, ...]:
    """The syllables that begin like this."""
    return tuple(sorted(one for one in syllables() if one.startswith(start)))
