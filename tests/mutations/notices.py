"""Guards of notices of illegal content."""

from tests.mutations.breakage import Breakage

_SCHEMA = "migrations/0046_take_notices.sql"
_DOMAIN = "service/domain/notices.py"
_USE = "service/usecases/report.py"
_OUTBOX = "service/storage/reader_mails.py"
_LINKS = "service/signed.py"
_TESTS = "tests/usecases/test_notice.py"
_PAGES = "tests/web/test_notices.py"

NOTICES = (
    Breakage(
        "the words of a notice stay until it is decided",
        _SCHEMA,
        "OR (text IS NOT NULL AND reported_at < until AND (notice_id IS NULL OR outcome IS NOT NULL))",
        "OR (text IS NOT NULL AND reported_at < until)",
        _TESTS,
    ),
    Breakage(
        "the address of a notice stays until it is decided",
        _SCHEMA,
        "AND (outcome IS NULL OR settled_at > clock_timestamp() - interval '7 days')",
        "AND settled_at > clock_timestamp() - interval '7 days'",
        _TESTS,
    ),
    Breakage(
        "words and name of a notice go with its comment",
        _SCHEMA,
        "SET text = NULL, reporter = NULL, notifier = NULL",
        "SET text = NULL, reporter = NULL",
        _TESTS,
    ),
    Breakage(
        "a decision about a notice that was taken back is not told",
        _OUTBOX,
        "noted.outcome IS NOT NULL AND noted.settled_by::text = it.about",
        "true",
        _TESTS,
    ),
    Breakage(
        "a notice says that it is in good faith", _DOMAIN, "if not rules.switch(value):", "if False:", _PAGES
    ),
    Breakage(
        "a notice names who sends it",
        _DOMAIN,
        "is_named = not form.read(SHOWS_ABUSE, rules.switch)",
        "is_named = form.read(SHOWS_ABUSE, rules.switch) is None",
        _PAGES,
    ),
    Breakage(
        "only what readers see is notified",
        _USE,
        "if not await reports.is_reportable(connection, site.id, comment_id, None):",
        "if False:",
        _TESTS,
    ),
    Breakage(
        "the link of a notice cannot be altered",
        _LINKS,
        'if raw is None or not _is_genuine(signing, "notice", raw[:17], raw[17:]):',
        "if raw is None:",
        _PAGES,
    ),
    Breakage(
        "nobody is mailed many statements by somebody else's typing",
        "service/usecases/mail_readers.py",
        '"statement": 5,',
        '"statement": 500,',
        "tests/usecases/test_mail_readers.py",
    ),
)
