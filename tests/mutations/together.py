"""Guards of what moderators do together: redactions, answers, networks, merged pages, proposals."""

# ruff: noqa: E501  (a statement is found by its whole line)

from tests.mutations.breakage import Breakage

_REDACT = "service/usecases/redact.py"
_REDACTING = "tests/usecases/test_redact.py"
_ANSWER = "service/usecases/answer.py"
_ANSWERS = "tests/usecases/test_answer.py"
_ORDER = "service/usecases/network_standing.py"
_ORDERS = "service/storage/network_standings.py"
_NETWORKS = "tests/web/test_networks.py"
_MERGE = "service/usecases/merge_pages.py"
_MERGED = "migrations/0039_merge_pages.sql"
_MERGING = "tests/usecases/test_merge_pages.py"
_PAIR = "service/usecases/second_pair.py"
_PAIRS = "tests/usecases/test_second_pair.py"
_COUNTS = "tests/usecases/test_proposals_are_no_decisions.py"
_NO_LABEL = "'recheck', 'redact', 'restore', 'edit', 'propose'"
_LABEL = "'recheck', 'redact', 'restore'"

TOGETHER = (
    Breakage(
        "a redaction leaves something of the text, and lies in it",
        _REDACT,
        "    redacted(await redactions.read_text(connection, comment.site_id, comment.id), wanted.spans)\n",
        "",
        f"{_REDACTING} tests/web/test_redacting_at_the_desk.py",
    ),
    Breakage(
        "a redaction that cannot be taken back says so",
        _REDACT,
        "    if not await redactions.restore(connection, change):",
        "    if await redactions.restore(connection, change) is None:",
        _REDACTING,
    ),
    Breakage(
        "places are counted from the end of a text",
        "migrations/0033_redact_texts.sql",
        "IN REVERSE cardinality(starts)..1 LOOP",
        "IN 1..cardinality(starts) LOOP",
        _REDACTING,
    ),
    Breakage(
        "no process changes what a reader wrote",
        "migrations/0033_redact_texts.sql",
        "GRANT SELECT ON earlier_text TO replydesk_web;",
        "GRANT SELECT ON earlier_text TO replydesk_web;\nGRANT UPDATE (text) ON comment TO replydesk_web;",
        "tests/storage/test_rights.py",
    ),
    Breakage(
        "no process changes what a text was",
        "migrations/0033_redact_texts.sql",
        "GRANT SELECT ON earlier_text TO replydesk_web;",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON earlier_text TO replydesk_web;",
        "tests/storage/test_rights.py",
    ),
    Breakage(
        "who answers for the paper is on record",
        _ANSWER,
        'action="answer", moderator_id=judge.moderator_id',
        'action="answer", moderator_id=None',
        _ANSWERS,
    ),
    Breakage(
        "an answer of the paper has its badge",
        _ANSWER,
        "staff_id=judge.moderator_id",
        "staff_id=None",
        _ANSWERS,
    ),
    Breakage(
        "a removed answer shows no badge",
        "service/storage/threads.py",
        "status = 'published' AND staff_id IS NOT NULL AS is_staff",
        "staff_id IS NOT NULL AS is_staff",
        f"{_ANSWERS} tests/storage/test_threads.py",
    ),
    Breakage(
        "a reader's comment shows no badge",
        "service/storage/threads.py",
        "status = 'published' AND staff_id IS NOT NULL AS is_staff",
        "status = 'published' AS is_staff",
        f"{_ANSWERS} tests/storage/test_threads.py",
    ),
    Breakage(
        "two people's same answer is two answers",
        _ANSWER,
        '("staff", str(judge.moderator_id), *',
        '("staff", *',
        _ANSWERS,
    ),
    Breakage(
        "an answer keeps the depth of the site",
        _ANSWER,
        "parent=allowed_parent(site, parent)",
        "parent=parent",
        _ANSWERS,
    ),
    Breakage(
        "an order about a network is for a month at most",
        "service/web/network_standings.py",
        "<= datetime.now(UTC) + LONGEST:",
        "<= datetime.now(UTC) + LONGEST * 9:",
        _NETWORKS,
    ),
    Breakage(
        "an order about a network outlives a change of keys",
        _ORDER,
        "for key_id in signing.keys\n",
        "for key_id in [signing.newest]\n",
        _NETWORKS,
    ),
    Breakage(
        "what came at midnight has the hash of the day before",
        _ORDER,
        "for before in (0, 1)",
        "for before in (0,)",
        _NETWORKS,
    ),
    Breakage(
        "a site has so many orders about networks and no more",
        _ORDER,
        "if given is None and await network_standings.count_active(connection, site.id) >= MOST:",
        "if False:",
        _NETWORKS,
    ),
    Breakage(
        "nobody orders about a network that is forgotten",
        _ORDER,
        "    if found is None:\n        raise NetworkNotKept\n",
        "",
        _NETWORKS,
    ),
    Breakage(
        "an order about a network is on record",
        _ORDER,
        "    await audit.record(connection, entry)\n",
        "",
        _NETWORKS,
    ),
    Breakage(
        "the end of an order about a network is on record",
        _ORDER,
        '    await audit.record(connection, AuditEntry("network.lifted", site.id, moderator_id, str(standing_id)))\n',
        "",
        _NETWORKS,
    ),
    Breakage(
        "a new order about a network ends the last one",
        _ORDERS,
        "WHERE site_id = $1 AND (network = $2 OR id = $4) AND lifted_at IS NULL\n",
        "WHERE site_id = $1 AND (network = $2 OR id = $4) AND lifted_at IS NULL AND $3::int IS NULL\n",
        _NETWORKS,
    ),
    Breakage("a page of another origin is not merged", _MERGE, "raise ForeignPage", "pass", _MERGING),
    Breakage("a page is not merged into itself", _MERGE, "raise SamePage", "pass", _MERGING),
    Breakage(
        "a merge moves so many comments and no more",
        _MERGED,
        "LIMIT up_to + 1) AS found) > up_to",
        "LIMIT up_to + 1) AS found) > up_to * 1000",
        _MERGING,
    ),
    Breakage(
        "a merged page that waits for people goes on waiting",
        _MERGED,
        "it.premoderated OR gone.premoderated",
        "it.premoderated",
        _MERGING,
    ),
    Breakage(
        "a merge waits for replies that are being stored",
        _MERGED,
        "id IN (merged, kept) ORDER BY id FOR UPDATE;",
        "id IN (merged, kept) ORDER BY id FOR NO KEY UPDATE;",
        _MERGING,
    ),
    Breakage(
        "a reply waits for a merge under way",
        _MERGED,
        "id = NEW.page_id FOR KEY SHARE;",
        "id = NEW.page_id;",
        _MERGING,
    ),
    Breakage(
        "a page that was merged meanwhile is not merged by its old name",
        _MERGED,
        "AND id IN (merged, kept) AND merged_into IS NOT NULL) THEN",
        "AND id IN (merged, kept) AND false) THEN",
        _MERGING,
    ),
    Breakage(
        "readers of both pages are told of a merge",
        _MERGED,
        "it.premoderated OR gone.premoderated, revision = it.revision + 1",
        "it.premoderated OR gone.premoderated",
        _MERGING,
    ),
    Breakage(
        "a merge is on record",
        _MERGE,
        '    await audit.record(connection, AuditEntry("page.merged", site.id, moderator_id, gone.url, details))\n',
        "",
        _MERGING,
    ),
    Breakage(
        "a merge takes an admin",
        "service/web/merging.py",
        'await enter(request, "admin")',
        'await enter(request, "moderator")',
        "tests/web/test_merging.py",
    ),
    Breakage(
        "pages of a site are merged by its own admins",
        "service/web/merging.py",
        "    site = named_site(caller, body.site)\n",
        "    site = await services.directory.of_slug(body.site)\n",
        "tests/web/test_merging.py",
    ),
    Breakage(
        "a first rejection is a proposal",
        _PAIR,
        "    if standing is None:\n        return False",
        "    if standing is None:\n        return True",
        _PAIRS,
    ),
    Breakage(
        "an order that is milder proposes no ban",
        _PAIR,
        "if standing is None or not standing.proposes_ban:",
        "if standing is None:",
        _PAIRS,
    ),
    Breakage(
        "nobody confirms the own proposal of a ban",
        _PAIR,
        "not standing.proposes_ban:\n        return False\n    if standing.moderator_id == moderator_id:",
        "not standing.proposes_ban:\n        return False\n    if False:",
        _PAIRS,
    ),
    Breakage(
        "a proposed ban of a network is none yet",
        _ORDER,
        "not bans_alone(site, given, judge.moderator_id)",
        "False",
        _PAIRS,
    ),
    Breakage(
        "what is proposed is off the page meanwhile",
        "service/usecases/decide.py",
        'ruling, "propose", Status.HELD)',
        'action="propose", status=comment.status)',
        _PAIRS,
    ),
    Breakage(
        "whoever proposes a rejection frees the comment",
        "service/usecases/decide.py",
        "        await release_one(connection, comment.site_id, comment.id)\n        return",
        "        return",
        _PAIRS,
    ),
    Breakage(
        "a redaction leaves a proposal as it is", _PAIR, " if one.action not in OF_THE_TEXT", "", _PAIRS
    ),
    Breakage(
        "a proposal of a ban that is over confirms nothing",
        "service/storage/standings.py",
        "SELECT moderator_id, proposes_ban FROM standing\n        WHERE site_id = $1 AND author_id = $2 AND lifted_at IS NULL\n          AND (expires_at IS NULL OR expires_at > clock_timestamp())",
        "SELECT moderator_id, proposes_ban FROM standing\n        WHERE site_id = $1 AND author_id = $2 AND lifted_at IS NULL",
        _PAIRS,
    ),
    Breakage(
        "a proposal of a ban that was lifted confirms nothing",
        "service/storage/standings.py",
        "SELECT moderator_id, proposes_ban FROM standing\n        WHERE site_id = $1 AND author_id = $2 AND lifted_at IS NULL",
        "SELECT moderator_id, proposes_ban FROM standing\n        WHERE site_id = $1 AND author_id = $2",
        _PAIRS,
    ),
    Breakage(
        "a proposed ban is on record as one",
        "service/usecases/author_standing.py",
        '"author.ban_proposed" if new.proposes_ban else ',
        "",
        _PAIRS,
    ),
    Breakage(
        "a proposed ban of a network is on record as one",
        _ORDER,
        '"network.ban_proposed" if new.proposes_ban else ',
        "",
        _PAIRS,
    ),
    Breakage(
        "a proposal is no decision of the figures",
        "service/storage/hourly_figures.py",
        "('recheck', 'redact', 'restore', 'edit', 'answer', 'propose', 'erase', 'pick', 'unpick', 'uphold',\n           'grant')",
        "('recheck', 'redact', 'restore', 'edit', 'answer', 'erase', 'pick', 'unpick', 'uphold',\n           'grant')",
        _COUNTS,
    ),
    Breakage(
        "a proposal ends no waiting of the figures",
        "service/storage/hourly_figures.py",
        _NO_LABEL,
        _LABEL,
        _COUNTS,
    ),
    Breakage(
        "a proposal is no opinion about a check",
        "service/storage/check_figures.py",
        _NO_LABEL,
        _LABEL,
        _COUNTS,
    ),
    Breakage(
        "a proposal is no answer to another policy",
        "service/storage/past.py",
        _NO_LABEL,
        _LABEL,
        _COUNTS,
    ),
    Breakage(
        "a proposal is no answer to a sample",
        "service/storage/samples.py",
        _NO_LABEL,
        _LABEL,
        _COUNTS,
    ),
    Breakage(
        "a proposal is no answer to a shadow",
        "service/storage/shadows.py",
        _NO_LABEL,
        _LABEL,
        _COUNTS,
    ),
)
