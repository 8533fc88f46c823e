"""The sentences of mails, one file for each language; all have the same keys and the same places to fill."""

import tomllib
from functools import cache
from importlib.resources import files

from service.domain.mail_to import LANGUAGES


@cache
def words(language: str) -> dict[str, dict[str, str]]:
    """By kind and key; English for a language that there is none of."""
    known = language if language in LANGUAGES else "en"
    return tomllib.loads((files(__package__) / f"{known}.toml").read_text("utf-8"))
