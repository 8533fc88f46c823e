"""What whoever works at the dashboard chose for it: in a cookie of this browser, a word for each choice."""

from collections.abc import Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from service.web.languages import FOR_READERS, LANGUAGES

COOKIE = "replydesk_choices"
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "language": ("", *LANGUAGES),
    "theme": ("system", "light", "dark"),
    "density": ("roomy", "compact"),
    "size": ("25", "50", "100"),
    "keys": ("on", "off"),
    "blur": ("off", "on"),
    "grey": ("off", "on"),
    "pace": ("off", "30", "45", "60"),
}
"""Each choice and what may be chosen, the first is what holds where nothing was chosen.

`language` empty is the browser's; `size` is comments on a page; `keys` are shortcuts of one key (WCAG 2.1.4);
`blur` hides risky texts until they are looked at, `grey` takes the colours away, `pace` reminds of a pause
after so many minutes.
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """One browser's choices; whatever its cookie says, each is one that there is."""

    language: str = ""
    theme: str = "system"
    density: str = "roomy"
    size: str = "25"
    keys: str = "on"
    blur: str = "off"
    grey: str = "off"
    pace: str = "off"

    @classmethod
    def of(cls, told: Mapping[str, str]) -> "Choices":
        """What is told, as far as there is such a choice."""
        return cls(**{name: told[name] for name, there in ALLOWED.items() if told.get(name) in there})

    def as_cookie(self) -> str:
        """The value of the cookie."""
        return urlencode({one.name: getattr(self, one.name) for one in fields(self)})


_current: ContextVar[tuple[Choices, str]] = ContextVar("choices", default=(Choices(), "en"))


def start_choices(request: web.Request, *, of_desk: bool) -> None:
    """Have what is rendered for this request be as its browser chose; readers' pages have no such choice."""
    if not of_desk:
        wanted = spoken_language(request.query) or _wanted(_accepted(request), FOR_READERS)
        _current.set((Choices(), wanted))
        return
    choices = Choices.of(dict(parse_qsl(request.cookies.get(COOKIE, "")[:500])))
    _current.set((choices, choices.language or _wanted(_accepted(request), LANGUAGES)))


def current_choices() -> Choices:
    """Those of the request that is answered now."""
    return _current.get()[0]


def current_language() -> str:
    """That of the request that is answered now."""
    return _current.get()[1]


def speak(language: str) -> None:
    """Answer this request in that language, where readers have it: a form says in which it was shown."""
    if language in FOR_READERS:
        _current.set((current_choices(), language))


def spoken_language(given: Mapping[str, object]) -> str:
    """The language that an address or a form names, where readers have it; else nothing."""
    named = given.get("lang", "")
    return str(named) if named in FOR_READERS else ""


def _accepted(request: web.BaseRequest) -> str:
    return request.headers.get("Accept-Language", "")[:500]


def _wanted(accepted: str, known: Collection[str]) -> str:
    """The language that the browser wants most of those there are (RFC 9110 12.5.4); English without one."""
    weighed: list[tuple[float, int, str]] = []
    for place, entry in enumerate(accepted.lower().split(",")):
        name, _, parameter = entry.partition(";")
        language = name.strip().partition("-")[0]
        weight = _weight(parameter)
        if language in known and weight > 0:
            weighed.append((-weight, place, language))
    return min(weighed)[2] if weighed else "en"


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
