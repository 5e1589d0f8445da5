"""A real browser: people who sit before it, what it complains of, and a keyboard without a mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect

from .clients import PASSWORD

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP = {"width": 1440, "height": 900}
REFUSED = re.compile(r"Failed to load resource: .* status of (403|404|409|422)")  # a refusal is an answer, not a fault
FOCUSED = """() => {
    const on = document.activeElement;
    if (!on || on === document.body) return '';
    const said = (on.labels?.[0] ?? on).cloneNode(true);
    said.querySelectorAll('[aria-hidden]').forEach(part => part.remove());
    const words = on.getAttribute('aria-label') || said.textContent || on.title;
    return words.replace(/\\s+/g, ' ').replace(/必填$/, '').trim();
}"""


class Desk:
    """One person's browser at one running product. Whatever the browser complains of is kept."""

    def __init__(self, browser: Browser, address: str, **options) -> None:
        self.address = address
        self.complaints: list[str] = []
        options = {"viewport": DESKTOP, "base_url": address, "locale": "zh-CN"} | options
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(20_000)
        self.context.on("request", self._may_ask)
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda failure: self.complaints.append(str(failure.error)))
        self.page: Page = self.context.new_page()

    def _may_ask(self, request) -> None:
        if not request.url.startswith((self.address + "/", "data:", "blob:")):
            self.complaints.append(f"asks another host: {request.url}")

    def _hear(self, message) -> None:
        if message.type in ("error", "warning") and not REFUSED.match(message.text):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.page.goto("/login/")
        self.page.locator("#id_username").fill(username)
        self.page.locator("#id_password").fill(password)
        self.page.locator("#form button.btn-primary").click()

    def enter(self, session: list[dict]) -> Page:
        """Come in with the session of somebody who has signed in before."""
        self.context.add_cookies([cookie | {"url": self.address} for cookie in session])
        return self.page


class Keys:
    """Hands that have no mouse: keys are pressed, the focus is read, nothing else."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        self._page.keyboard.insert_text(text)

    @property
    def focused(self) -> str:
        """What a screen reader would say of the place where the focus is."""
        return self._page.evaluate(FOCUSED)

    def go(self, name: str, key: str = "Tab") -> None:
        """Press a key until the focus is on what has this name."""
        passed: list[str] = []
        for _ in range(250):
            passed.append(self.focused)
            if passed[-1] == name or passed[-1].startswith(f"{name} "):
                return
            self.press(key)
        raise AssertionError(f"{name} is not reached by {key}: {list(dict.fromkeys(passed))}")

    def fill(self, values: dict[str, str]) -> None:
        for name, value in values.items():
            self.go(name)
            self.press("Control+a")
            self.type(value)

    def leave(self, *keys: str) -> None:
        """Press keys that lead to another page, and wait until it has come."""
        with self._page.expect_event("load"):
            self.press(*keys)


def settle(page: Page) -> None:
    """Wait until what comes after the page itself has come too."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def toast(page: Page, text: str) -> None:
    """A short message says so."""
    expect(page.locator("#toasts")).to_contain_text(text)


def fill(page: Page, values: dict[str, object]) -> None:
    """Type into the boxes of the form, by the names of the fields."""
    for name, value in values.items():
        page.locator(f"#form [name={name}]").fill(str(value))


def save(page: Page) -> None:
    page.locator("#form [data-save]").click()


def unguarded(page: Page) -> None:
    """Let the form through unchecked, as an old or meddled browser would."""
    page.locator("#form").evaluate("form => form.noValidate = true")


def sent_before(page: Page) -> None:
    """The open form, as it is, has reached the server already."""
    fields = page.locator("#form").evaluate("form => Object.fromEntries(new FormData(form))")
    answer = page.request.post(page.url, form=fields, max_redirects=0)
    assert answer.status == 302, answer.text()
