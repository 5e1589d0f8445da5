"""What a browser is called, of all that it says of itself."""

from __future__ import annotations

# In this order: many call themselves by the name of an earlier one as well.
NAMES = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Edg", "Edge"), ("OPR/", "Opera"), ("QQBrowser", "QQ"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_name(agent: str) -> str:
    """ "Chrome · Windows" from a User-Agent; of a program that is none of them what it calls itself first."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (NAMES, SYSTEMS)]
    return " · ".join(filter(None, found)) or agent.partition(" ")[0]
