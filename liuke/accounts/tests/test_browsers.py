import pytest

from liuke.accounts.browsers import browser_name

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome · Windows"),
        (f"{CHROME} Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Safari MicroMessenger/8.0", "WeChat · iOS"),
        ("curl/8.5.0 (something)", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_its_own_name_and_system(agent, name):
    assert browser_name(agent) == name
