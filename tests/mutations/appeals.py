"""Guards of statements of reasons and of appeals, each with a change of one line that takes it away."""

from tests.mutations.breakage import Breakage

_USE, _WHO = "service/usecases/appeal.py", "service/storage/colleagues.py"
_MOVE, _LATEST = "migrations/0053_uphold_appeals.sql", "migrations/0054_appeal_redactions.sql"
_TESTS, _PAGES = "tests/usecases/test_appeal.py", "tests/web/test_appealing.py"
_PARTS = "tests/usecases/test_appeal_redaction.py"

APPEALS = (
    Breakage(
        "whoever refused does not answer the appeal", _USE, "    if alone and (", "    if False and (", _PAGES
    ),
    Breakage(
        "an own decision is answered by an admin alone, where nobody else is",
        _USE,
        "        one.site_id not in admin_at or await",
        "        one.site_id in admin_at or await",
        _PAGES,
    ),
    Breakage(
        "whoever proposed a refusal does not answer the appeal",
        "service/storage/appeals.py",
        "WHERE one.action = 'propose' AND",
        "WHERE one.action = 'nothing' AND",
        _TESTS,
    ),
    Breakage(
        "an appeal is in time",
        _USE,
        " or found.decided_at + APPEALED_WITHIN < datetime.now(UTC)",
        "",
        _PAGES,
    ),
    Breakage(
        "what is appealed against does not expire",
        "migrations/0050_take_appeals.sql",
        "AND appeal.comment_id = comment.id AND outcome IS NULL) LIMIT up_to",
        "AND appeal.comment_id = comment.id AND outcome IS NULL AND false) LIMIT up_to",
        _PAGES,
    ),
    Breakage(
        "an appeal that is upheld is no second refusal",
        _USE,
        'given.answer == "uphold" and comment.status in',
        'given.answer == "hold" and comment.status in',
        _TESTS,
    ),
    Breakage(
        "what granted an appeal and is taken back leaves it open",
        _LATEST,
        "IF NEW.action = 'undo' AND NEW.status <> 'published' THEN",
        "IF NEW.action = 'nothing' THEN",
        _TESTS,
    ),
    Breakage(
        "what is published again settles no appeal against a part that was taken out",
        _LATEST,
        "OR about_text = EXISTS (",
        "OR about_text OR EXISTS (",
        _PARTS,
    ),
    Breakage(
        "a text that somebody asks for again does not expire",
        _LATEST,
        "WHERE replaced_at < until AND NOT EXISTS (",
        "WHERE replaced_at < until OR EXISTS (",
        _PARTS,
    ),
    Breakage(
        "the words of an appeal go after a time",
        _MOVE,
        "AND settled_at < until",
        "AND settled_at < '-infinity'",
        _TESTS,
    ),
    Breakage(
        "who cannot come in decides nothing",
        _WHO,
        'if any(row["signs_in"] and _decides',
        "if any(_decides",
        _TESTS,
    ),
    Breakage(
        "no token opens more than its person, for appeals too",
        _WHO,
        "return rights.within(own) if own else rights",
        "return rights",
        _TESTS,
    ),
    Breakage(
        "a stranger's mail leads to no receipt",
        "service/usecases/mail_readers.py",
        'in {"statement", "appeal"} and not self._one.is_confirmed',
        'in {"statement", "appeal"} and False',
        "tests/usecases/test_mail_reasons.py",
    ),
    Breakage(
        "of what answered an appeal one mail tells",
        "migrations/0055_mail_reasons.sql",
        "IF NEW.rule IS DISTINCT FROM 'appeal' THEN",
        "IF true THEN",
        "tests/usecases/test_mail_reasons.py",
    ),
    Breakage(
        "a statement is that of the decision that holds again",
        _LATEST,
        "it.status = of_status AND action <> 'undo'",
        "it.status = of_status",
        "tests/web/test_statements.py",
    ),
    Breakage(
        "what was put back has no statement any more",
        _LATEST,
        "later.action = 'restore' AND 0 < (",
        "later.action = 'nothing' AND 0 < (",
        "tests/web/test_statements.py",
    ),
)
