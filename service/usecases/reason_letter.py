"""What a mail says of a restriction: the statement of reasons in sentences, with no word of the reply."""

from babel.dates import format_date

from service.domain.statement import Statement
from service.letters.words import words
from service.storage.reader_mails import LeasedMail


def reason_paragraphs(statement: Statement, *, is_confirmed: bool) -> tuple[str, ...]:
    """The keys of its sentences, in their order; who has not confirmed the address is told so."""
    found = statement.prompted_by or ("checks" if statement.automated_detection else "people")
    decided = "checks" if statement.automated_decision else "person"
    ground = f"ground_{statement.ground}"
    said = ("first", "reason", ground, f"found_{found}", f"decided_{decided}", "redress")
    return said if is_confirmed else (*said, "note")


def reason_values(one: LeasedMail, statement: Statement) -> dict[str, str]:
    """What stands in these sentences: the reason, in the site's own words where it has them, and the day."""
    known = words(one.language)["reasons"]
    return {
        "reason": one.own_reason_text or known.get(statement.reason or "", known["other"]),
        "date": format_date(statement.appeal_until, "long", locale=one.language),
    }
