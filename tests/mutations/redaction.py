"""Guards of what moderators take out of a text, answer, order about networks, and change of a site."""

from tests.mutations.breakage import Breakage

_USE = "service/usecases/redact.py"
_STORED = "service/storage/redactions.py"
_SCHEMA = "migrations/0033_redact_texts.sql"
_TESTS = "tests/usecases/test_redact.py"
_WORDS = "tests/unit/domain/test_redaction.py"
_DOMAIN = "service/domain/redaction.py"
_ANSWERS = "tests/usecases/test_answer.py"
_MERGING = "tests/usecases/test_merge_pages.py"
_SECOND = "tests/usecases/test_second_pair.py"
_NETWORKS = "tests/web/test_networks.py"
_SITE_PAGES = "tests/web/test_site_pages.py"

REDACTION = (
    Breakage(
        "a redaction is about the version that its maker saw",
        _USE,
        "if comment.version != wanted.version:",
        "if False:",
        _TESTS,
    ),
    Breakage(
        "another moderator's claim is respected by a redaction",
        _USE,
        "    refuse_claimed(comment, judge)\n",
        "",
        _TESTS,
    ),
    Breakage(
        "only what is published or held is redacted",
        _USE,
        "if comment.status not in REDACTABLE:",
        "if False:",
        _TESTS,
    ),
    Breakage(
        "a redaction's reason is one of the site's",
        _USE,
        "    refuse_unknown(judge.sites[comment.site_id], wanted.reason)\n",
        "",
        _TESTS,
    ),
    Breakage(
        "readers are told that a text was edited",
        _SCHEMA,
        "text = it, edited_at = clock_timestamp()",
        "text = it, edited_at = NULL",
        _TESTS,
    ),
    Breakage(
        "caches are told of a new text", _STORED, "revision = revision + 1", "revision = revision", _TESTS
    ),
    Breakage(
        "no text of before outlives an erasure",
        _SCHEMA,
        "IF NEW.text = '' THEN\n        DELETE",
        "IF NEW.text = '-' THEN\n        DELETE",
        _TESTS,
    ),
    Breakage("a text of before is kept", _SCHEMA, "OLD.version, OLD.text,", "OLD.version, NEW.text,", _TESTS),
    Breakage(
        "a text of before expires",
        "migrations/0054_appeal_redactions.sql",
        "WHERE replaced_at < until",
        "WHERE false",
        _TESTS,
    ),
    Breakage("something of a text is left", _DOMAIN, "part.strip() and part != MARK", "True", _WORDS),
    Breakage("spans that overlap are one", _DOMAIN, "span.start <= found[-1].end", "False", _WORDS),
    Breakage(
        "a redaction is no label",
        "service/storage/labels.py",
        "action NOT IN ('recheck', 'redact', 'restore', 'edit', 'propose', 'pick', 'unpick', 'grant')",
        "action <> 'recheck'",
        _TESTS,
    ),
    Breakage(
        "what the checks pointed at in another text is not marked",
        "service/storage/queue.py",
        'values["findings"] = [one | {"spans": []} for one in values["findings"]]',
        "pass",
        _TESTS,
    ),
    Breakage(
        "no reader has the badge",
        "migrations/0034_mark_staff.sql",
        "staff_id IS NULL OR",
        "true OR",
        _ANSWERS,
    ),
    Breakage(
        "whoever signs as the paper does waits for a person",
        "service/moderation/checks/impersonation.py",
        "if evidence.name_of_staff:",
        "if False:",
        _ANSWERS,
    ),
    Breakage(
        "a double click is one answer",
        "service/usecases/answer.py",
        "if known is not None:",
        "if False:",
        _ANSWERS,
    ),
    Breakage(
        "nobody is answered where nobody reads",
        "service/usecases/answer.py",
        "if parent is None:",
        "if False:",
        _ANSWERS,
    ),
    Breakage(
        "an answer of the paper is no label",
        "service/storage/labels.py",
        " AND it.staff_id IS NULL",
        "",
        _ANSWERS,
    ),
    Breakage(
        "an order about a network holds on the days after",
        "service/usecases/network_standing.py",
        "for day in _days(ordered)",
        "for day in []",
        _NETWORKS,
    ),
    Breakage(
        "a ban comes before anything milder",
        "service/usecases/network_standing.py",
        '(one.kind == "banned", one.id)',
        "one.id",
        _NETWORKS,
    ),
    Breakage(
        "the network of an order that is over is forgotten",
        "migrations/0036_order_about_networks.sql",
        "(lifted_at IS NOT NULL OR expires_at < clock_timestamp())",
        "false",
        _NETWORKS,
    ),
    Breakage(
        "a comment forgets the order with its network",
        "migrations/0036_order_about_networks.sql",
        "NEW.network_standing_id := NULL;",
        "NULL;",
        _NETWORKS,
    ),
    Breakage(
        "a form changes the site that it names",
        "service/web/desk_site_pages.py",
        '(form and not form.get("site"))',
        "False",
        _SITE_PAGES,
    ),
    Breakage(
        "a form is made of the version that its author saw",
        "service/web/desk_policy_form.py",
        "int(seen[:9]) if seen.isdecimal() else 0",
        "None",
        _SITE_PAGES,
    ),
    Breakage(
        "a reply that was on its way to a merged page follows it",
        "migrations/0039_merge_pages.sql",
        "IF kept IS NOT NULL THEN",
        "IF false THEN",
        _MERGING,
    ),
    Breakage(
        "a page that is merged again leads to the last one",
        "migrations/0039_merge_pages.sql",
        "(id = merged OR merged_into = merged)",
        "id = merged",
        _MERGING,
    ),
    Breakage(
        "the counts of merged pages come together",
        "migrations/0039_merge_pages.sql",
        "it.published_count + gone.published_count",
        "it.published_count",
        _MERGING,
    ),
    Breakage(
        "nobody confirms the own proposal",
        "service/usecases/second_pair.py",
        "raise OwnProposal\n    return True\n\n\ndef open",
        "return True\n    return True\n\n\ndef open",
        _SECOND,
    ),
    Breakage(
        "a declined proposal confirms nothing",
        "service/usecases/second_pair.py",
        'return last if last and last.action == "propose" else None',
        'return next((one for one in history if one.action == "propose"), None)',
        _SECOND,
    ),
    Breakage(
        "a proposed ban is none yet",
        "service/usecases/author_standing.py",
        "not bans_alone(site, given, moderator_id)",
        "False",
        _SECOND,
    ),
)
