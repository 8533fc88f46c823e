"""From decoded fields to a valid submission, or to all its faults at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote
from uuid import UUID

from service.domain import field_rules as rules
from service.domain.email import EmailAddress
from service.domain.fault import Fault, FaultCode, InvalidSubmission
from service.domain.field_rules import Wrong
from service.domain.mail_to import NO_MAIL, MailWishes
from service.domain.policy import Policy
from service.domain.typed_values import HONEYPOTS, given, typed_values

__all__ = [
    "Fault", "FaultCode", "InvalidSubmission", "Submission", "parse_submission", "post_id_of", "typed_values",
]  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """What a reader sent, every value within its rule; it prints none of them.

    `page_url` is normalised, its origin not yet looked up; `redirect_to` is as typed: only
    `page_url.safe_redirect` makes it usable. `author` is empty where the site asks for none.
    `submission_key` and `form_token` are printable ASCII, nothing more is known about them.
    """

    page_url: str | None
    post_id: str | None
    parent_id: UUID | None
    author: str
    email: EmailAddress | None
    website: str | None
    text: str
    page_title: str | None
    redirect_to: str | None
    submission_key: str | None
    form_token: str | None
    honeypot_filled: bool
    wishes: MailWishes = NO_MAIL


def parse_submission(
    fields: Mapping[str, object], policy: Policy, *, page_required: bool = False
) -> Submission:
    """Read the fields of a JSON object or a form; names it does not know are ignored.

    `page_required` asks for `page_url` too, so that its absence is told together with the other faults:
    set it once the other ways to find the page (`post_id_of`, the referrer) are tried. A `comment_post_ID`
    that is no id is a fault only where the page hangs on it.

    Raises:
        InvalidSubmission: with every fault.
    """
    form = _Form(fields)
    page_url = form.read("page_url", rules.page_url)
    by_id = page_url is None and not form.faults
    post_id = form.read("comment_post_ID", rules.post_id) if by_id else post_id_of(fields)
    if page_required and page_url is None and post_id is None and not form.faults:
        form.blame("page_url", "required", rules.NO_PAGE)
    submission = Submission(
        page_url=page_url,
        post_id=post_id,
        parent_id=form.read("parent_id", rules.parent_id),
        author=form.read("author", lambda value: rules.author(value, required=policy.author_required)) or "",
        email=form.read("email", lambda value: rules.email(value, required=policy.email_required)),
        website=form.read("website", rules.website),
        text=form.read("comment", lambda value: rules.comment(value, limit=policy.comment_limit)) or "",
        page_title=form.read("page_title", rules.page_title),
        redirect_to=form.read("redirect_to", rules.redirect_to),
        submission_key=form.read("submission_key", rules.submission_key),
        form_token=form.read("form_token", rules.form_token),
        honeypot_filled=any(_is_filled(fields.get(name)) for name in HONEYPOTS),
        wishes=MailWishes(
            decision=bool(form.read("mail_decision", rules.switch)),
            replies=bool(form.read("mail_replies", rules.switch)),
        ),
    )
    form.refuse_own_address(submission)
    if form.faults:
        raise InvalidSubmission(form.faults, typed_values(fields))
    return submission


def post_id_of(fields: Mapping[str, object]) -> str | None:
    """A readable `comment_post_ID` (letters, digits, `-`, `_`; at most 64), else null; it never raises."""
    try:
        return rules.post_id(given(fields, "comment_post_ID"))
    except Wrong:
        return None


class _Form:
    """Reads field after field and keeps what was wrong."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields
        self.faults: list[Fault] = []

    def read(self, field: str, rule: Callable[[object], T | None]) -> T | None:
        try:
            return rule(given(self._fields, field))
        except Wrong as wrong:
            self.blame(field, wrong.code, wrong.detail)
            return None

    def refuse_own_address(self, submission: Submission) -> None:
        """What is given in `email` goes nowhere else: a browser may have filled it into the wrong field."""
        if submission.email is None:
            return
        address = submission.email.index_form().decode()
        shown = {"author": submission.author, "website": submission.website, "page_url": submission.page_url}
        for field, value in shown.items():
            if value and address in unquote(value).lower():
                self.blame(field, "not_allowed", rules.OWN_ADDRESS)

    def blame(self, field: str, code: FaultCode, detail: str) -> None:
        self.faults.append(Fault(field, code, detail))


def _is_filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)
