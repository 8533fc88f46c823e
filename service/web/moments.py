"""A moment in a body: as RFC 3339 writes it, with its zone; never a number."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator


def _text_alone(value: object) -> object:
    """What pydantic may read as a moment: of numbers it would make seconds since 1970."""
    if isinstance(value, (str, datetime)):
        return value
    raise ValueError("a date and time with its zone is needed")


Moment = Annotated[AwareDatetime, BeforeValidator(_text_alone)]
