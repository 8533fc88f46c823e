"""Guards of what authors change and withdraw."""

from tests.mutations.breakage import Breakage

_SCHEMA = "migrations/0044_let_authors_edit.sql"
_USE = "service/usecases/own_comment.py"
_EVIDENCE = "service/storage/evidence.py"
_WEB = "service/web/receipt_actions.py"
_TESTS = "tests/usecases/test_own_comment.py"
_PAGES = "tests/web/test_receipt_actions.py"

EDITS = (
    Breakage(
        "no edit is published as a comment of its own",
        _SCHEMA,
        "CHECK (revises IS NULL OR status <> 'published')",
        "CHECK (true)",
        _TESTS,
    ),
    Breakage(
        "what a person held stays with people after an edit",
        _SCHEMA,
        "AND (source = 'moderator' OR decided_by = 'reports')",
        "AND false",
        _TESTS,
    ),
    Breakage(
        "no edit of a refused comment is taken in",
        _SCHEMA,
        "AND id = it.revises AND status IN ('published', 'held', 'pending')",
        "AND id = it.revises",
        _TESTS,
    ),
    Breakage(
        "the checks put nothing back that was taken out",
        _SCHEMA,
        "AND comment_id = kept.id AND action = 'redact'",
        "AND comment_id = kept.id AND action = 'redact' AND false",
        _TESTS,
    ),
    Breakage(
        "the page is told of an edit that is taken in",
        _SCHEMA,
        "UPDATE public.page SET revision = revision + 1 WHERE site_id = of_site AND id = kept.page_id;",
        "",
        _TESTS,
    ),
    Breakage(
        "edits go with what was withdrawn",
        _SCHEMA,
        "AND revises = NEW.id AND status <> 'erased' LOOP",
        "AND revises = NEW.id AND status = 'erased' LOOP",
        _TESTS,
    ),
    Breakage(
        "no program is told of a revision that was taken in",
        _SCHEMA,
        "AND id = NEW.comment_id AND revises IS NOT NULL)",
        "AND id = NEW.comment_id AND false)",
        _TESTS,
    ),
    Breakage(
        "the time for edits ends",
        _USE,
        " or own.age > timedelta(minutes=site.policy.edit_minutes)",
        "",
        _TESTS,
    ),
    Breakage(
        "what was refused is not edited",
        _USE,
        "own.status not in EDITABLE or ",
        "",
        _TESTS,
    ),
    Breakage(
        "an edit is no repetition of what it edits",
        _EVIDENCE,
        "WHERE other.submitted_at <= it.submitted_at AND other.id IS DISTINCT FROM it.revises",
        "WHERE other.submitted_at <= it.submitted_at",
        _TESTS,
    ),
    Breakage("edits of a network are counted", _WEB, "if not decision.allowed:", "if False:", _PAGES),
    Breakage("nobody withdraws by mistake", _WEB, 'if not fields.get("sure"):', "if False:", _PAGES),
    Breakage(
        "a moderator's trust is nothing without a confirmed address",
        "service/moderation/confirmation.py",
        "if not waits_for_nothing or not evidence.confirmed:",
        "if not waits_for_nothing:",
        "tests/usecases/test_mail_readers.py",
    ),
)
