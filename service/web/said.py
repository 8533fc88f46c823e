"""Says a sentence of the code in the language of whoever asked."""

from service.web.desk_choices import current_language
from service.web.languages import catalogue


def said(sentence: str, **values: object) -> str:
    """The sentence, marked by `N_` where it stands, with its values."""
    translated = catalogue(current_language()).gettext(sentence)
    return translated % values if values else translated
