"""The languages of our pages: English is in the code, each other one is a catalogue beside this file."""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Those of the dashboard: code to the name that its speakers know."""

FOR_READERS = ("en", "de", "es", "fr")
"""Those of the pages that readers see."""

LOCALES = {"en": "en_GB", "de": "de_DE", "es": "es_ES", "fr": "fr_FR"}
"""How numbers and dates are written in each."""


def N_(sentence: str) -> str:  # noqa: N802  (the field's name for: extract this, it is translated elsewhere)
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return sentence


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The words of one language, read once; those of English are the sentences themselves."""
    file = HERE / f"{language}.po"
    if not file.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
