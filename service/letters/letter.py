"""Puts a mail to a reader together: plain text and HTML, and the headers of such mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.letters.words import words

RESTRICTIONS = frozenset({"not_published", "removed", "part_removed"})
"""Kinds of mails that say why, with the sentences of `statement`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLetter:
    """What one mail says: `kind` and `paragraphs` name its sentences, links are whole URLs.

    `values` stand in sentences beside the site's name.

    `second_href`, where there is one, stands below the button, with the sentence `second` of that kind.
    """

    id: UUID
    kind: str
    language: str
    site_name: str
    paragraphs: Sequence[str]
    values: Mapping[str, str] = field(default_factory=dict)
    href: str
    stop_href: str
    second_href: str | None = None
    written_at: datetime
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    public_url: str

    def message(self) -> EmailMessage:
        """The mail; on each try it has the same Message-ID, so that its reader sees one.

        Unsubscribing is one click (RFC 8058), and nobody's machine shall answer (RFC 3834).
        """
        mail, said = EmailMessage(SMTP), self._said()
        mail["From"] = Address(" ".join(self.site_name.split()), addr_spec=self.sender)
        mail["To"] = self.recipient
        mail["Subject"] = " ".join(said["subject"].split())
        mail["Date"] = format_datetime(self.written_at)
        mail["Message-ID"] = f"<{self.id.hex}@{urlsplit(self.public_url).hostname or 'replydesk'}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["List-Unsubscribe"] = f"<{self.stop_href}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        shown = said | {"lang": self.language, "paragraphs": [said[one] for one in self.paragraphs]}
        shown |= {"href": self.href, "stop_href": self.stop_href}
        shown |= {"second": said.get("second", ""), "second_href": self.second_href or ""}
        mail.set_content(_text().get_template("letter.txt").render(shown))
        mail.add_alternative(_html().get_template("letter.html").render(shown), subtype="html")
        mail["Content-Language"] = self.language  # of the whole: set earlier it would move into a part
        return mail

    def _said(self) -> dict[str, str]:
        known = words(self.language)
        said = known["all"] | (known["statement"] if self.kind in RESTRICTIONS else {}) | known[self.kind]
        values = {"reason": "", "date": "", **self.values, "site": self.site_name}
        return {key: sentence.format_map(values) for key, sentence in said.items()}


_TEMPLATES = Path(__file__).parent / "templates"


@cache
def _text() -> Environment:
    return Environment(  # noqa: S701  (plain text: there is nothing to escape)
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _html() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, trim_blocks=True, autoescape=True
    )
