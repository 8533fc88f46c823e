"""Akismet: form in, one word out; it knows a key, a site, and what is spam by the name `viagra-test-123`."""

from service.outbound.services.akismet import THANKS
from tests.equipment.hostile_service import Mode
from tests.equipment.protocols.speaking import Asked, Said, SpeakingService

KEY = "akismet-key-of-this-test"
BLOG = "https://paper.example/"
NEEDED = {"api_key", "blog", "user_ip"}
KNOWN = NEEDED | {
    "user_agent", "referrer", "permalink", "comment_type", "comment_author", "comment_author_url",
    "comment_content", "comment_date_gmt", "blog_charset", "recheck_reason",
}  # fmt: skip


class AkismetService(SpeakingService):
    """`told` is what it was told to be spam and ham; `hints` are headers beside its verdict."""

    def __init__(self, mode: Mode = Mode.FINE, *, tls: bool = False) -> None:
        super().__init__(mode, tls=tls)
        self.told: list[tuple[str, dict[str, str]]] = []
        self.hints: tuple[str, ...] = ()

    def speak(self, asked: Asked) -> Said:
        call, fields = asked.path.removeprefix("/1.1/"), asked.form()
        is_known = fields.get("api_key") == KEY and fields.get("blog") == BLOG
        if call == "verify-key":
            return self._text(b"valid" if is_known else b"invalid")
        if not is_known or not set(fields) >= NEEDED:
            return self._text(b"invalid", "X-akismet-debug-help: a field is missing")
        assert set(fields) <= KNOWN, set(fields) - KNOWN
        if call == "comment-check":
            is_spam = fields.get("comment_author") == "viagra-test-123"
            return self._text(b"true" if is_spam else b"false", *self.hints)
        assert call in {"submit-spam", "submit-ham"}
        self.told.append((call.removeprefix("submit-"), fields))
        return self._text(THANKS)

    def _text(self, body: bytes, *headers: str) -> Said:
        return Said(body, content_type="text/plain; charset=utf-8", headers=("X-akismet-server: 1", *headers))
