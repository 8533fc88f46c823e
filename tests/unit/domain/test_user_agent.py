"""Of what a browser says about itself one word of a closed list is kept."""

import pytest

from service.domain.user_agent import FAMILIES, MAX_READ, family_of

_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("header", "family"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "firefox"),
        (
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/128.0 Safari/605.1.15",
            "firefox",
        ),
        (_MAC + " Chrome/126.0.0.0 Safari/537.36", "chrome"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 CriOS/126.0 Mobile/15E148 Safari/604.1", "chrome"),
        (_MAC + " Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "edge"),
        (_MAC + " Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0", "opera"),
        ("Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18", "opera"),
        (_MAC + " Version/17.5 Safari/605.1.15", "safari"),
        ("curl/8.5.0", "curl"),
        ("Wget/1.21.4", "curl"),
        ("python-requests/2.32.3", "python"),
        ("Python/3.11 aiohttp/3.14.5", "python"),
        ("Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bots.example/) Chrome/126.0", "bot"),
        ("Lynx/2.9.0dev.12 libwww-FM/2.14", "other"),
        ("mara@mail.example", "other"),
        ("", "none"),
        ("   ", "none"),
        (None, "none"),
    ],
)
def test_a_browser_is_known_by_its_family(header: str | None, family: str) -> None:
    assert family_of(header) == family
    assert family in FAMILIES


def test_what_stands_far_behind_is_not_read() -> None:
    assert family_of("x" * MAX_READ + " Firefox/128.0") == "other"
    assert family_of("x" * 10_000_000) == "other"
