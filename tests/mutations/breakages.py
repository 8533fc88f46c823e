"""Guards of the product, each with the one line that breaks it and the tests that must notice.

Kept true by `tests/unit/test_mutations.py`: what is to be replaced stands exactly once in its file.
"""

from tests.mutations.alerts import ALERTS
from tests.mutations.appeals import APPEALS
from tests.mutations.breakage import Breakage
from tests.mutations.checks import CHECKS
from tests.mutations.edits import EDITS
from tests.mutations.entrance import ENTRANCE
from tests.mutations.gates import GATES
from tests.mutations.identities import IDENTITIES
from tests.mutations.learning import LEARNING
from tests.mutations.notices import NOTICES
from tests.mutations.outside import OUTSIDE
from tests.mutations.personal_data import PERSONAL_DATA
from tests.mutations.poison import POISON
from tests.mutations.redaction import REDACTION
from tests.mutations.reveals import REVEALS
from tests.mutations.rules import RULES
from tests.mutations.shedding import SHEDDING
from tests.mutations.together import TOGETHER

BREAKAGES = (
    Breakage(
        "a verdict counts only while its lease holds",
        "service/storage/moves.py",
        "AND ($4::uuid IS NULL OR (lease_token = $4 AND status = 'pending'))",
        "AND ($4::uuid IS NULL OR true)",
        "tests/storage/test_moves.py tests/usecases/test_check.py",
    ),
    Breakage(
        "a decision is about the version that its maker saw",
        "service/usecases/decide.py",
        "if comment.version != ruling.version:",
        "if comment.version < ruling.version:",
        "tests/usecases/test_decide.py",
    ),
    Breakage(
        "another moderator's claim is respected",
        "service/usecases/decide.py",
        "and comment.claimer_id != judge.moderator_id:",
        "and comment.claimer_id == -1:",
        "tests/usecases/test_decide.py",
    ),
    Breakage(
        "a rejection says why",
        "service/usecases/decide.py",
        'and ruling.action == "reject":\n        raise MissingReason',
        'and ruling.action == "reject!":\n        raise MissingReason',
        "tests/usecases/test_decide.py",
    ),
    Breakage(
        "an erased comment stays erased",
        "service/usecases/decide.py",
        "if comment.status == Status.ERASED:",
        "if comment.status == Status.PENDING and comment.version == 0:",
        "tests/usecases/test_decide.py",
    ),
    Breakage(
        "a decision moves the sites of its maker alone",
        "service/storage/decisions.py",
        "WHERE comment.site_id = ANY($1::int[]) AND comment.id = $2\n        FOR NO KEY",
        "WHERE (comment.site_id = ANY($1::int[]) OR true) AND comment.id = $2\n        FOR NO KEY",
        "tests/usecases/test_decide.py tests/web/test_who_may_moderate.py",
    ),
    Breakage(
        "a comment that kills its worker three times goes to a person",
        "service/usecases/check.py",
        "if leased.attempts >= MAX_ATTEMPTS:",
        "if leased.attempts >= MAX_ATTEMPTS * 1000:",
        "tests/usecases/test_check_failures.py",
    ),
    Breakage(
        "an attempt is counted for one comment, not for its batch",
        "service/storage/leases.py",
        "WHERE site_id = $1 AND id = $2 AND lease_token = $3 AND status = 'pending' AND version = $5",
        "WHERE site_id = $1 AND ($2::uuid IS NOT NULL) AND lease_token = $3 AND status = 'pending' "
        "AND $5::int IS NOT NULL",
        "tests/storage/test_leases.py tests/usecases/test_check_failures.py",
    ),
    Breakage(
        "two claimers never get the same comment",
        "service/storage/leases.py",
        "SKIP LOCKED",
        "",
        "tests/storage/test_leases.py",
    ),
    Breakage(
        "a failed check holds, and is no pass",
        "service/moderation/pipeline.py",
        "return Finding(check.NAME, check.VERSION, Outcome.UNKNOWN, Reason.CHECK_FAILED, detail=detail)",
        "return Finding(check.NAME, check.VERSION, Outcome.PASS, detail=detail)",
        "tests/unit/moderation",
    ),
    Breakage(
        "a check's deadline is kept",
        "service/moderation/pipeline.py",
        "with deadline():",
        "if deadline is not None:",
        "tests/unit/moderation/test_pipeline.py",
    ),
    Breakage(
        "what no check looked at is not published",
        "service/moderation/judge.py",
        "if not findings or any(finding.outcome is not Outcome.PASS for finding in findings):",
        "if any(finding.outcome is not Outcome.PASS for finding in findings):",
        "tests/unit/moderation",
    ),
    Breakage(
        "a site that reviews everything publishes nothing by itself",
        "service/moderation/judge.py",
        'if policy.publish != "review":',
        'if policy.publish != "nothing":',
        "tests/unit/moderation",
    ),
    Breakage(
        "an address prints as redacted",
        "service/domain/email.py",
        "    def __repr__(self) -> str:\n        return REDACTED",
        "    def __repr__(self) -> str:\n        return self.__address",
        "tests/unit/domain/test_email.py",
    ),
    Breakage(
        "an address has at most 254 octets before it is parsed",
        "service/domain/email.py",
        'if len(raw.encode("utf-8", "surrogatepass")) > MAX_OCTETS:',
        "if len(raw) > 100_000:",
        "tests/unit/domain",
    ),
    Breakage(
        "a sealed address opens for its own comment alone",
        "service/vault.py",
        'return b"comment_email:%d:%s" % (site_id, comment_id.bytes)',
        'return b"comment_email"',
        "tests/unit/test_vault.py",
    ),
    Breakage(
        "one address at two sites has two indexes",
        "service/vault.py",
        'self.index_keys.derive(f"email_index:{site_id}", key_id)',
        'self.index_keys.derive("email_index", key_id)',
        "tests/unit/test_vault.py",
    ),
    Breakage(
        "the key of network hashes changes daily",
        "service/vault.py",
        'key = signing.derive(f"network:{day.isoformat()}", key_id)',
        'key = signing.derive("network")',
        "tests/unit/test_vault.py",
    ),
    Breakage(
        "a receipt cannot be guessed or altered",
        "service/signed.py",
        "return hmac.compare_digest(_mac(signing, purpose, key_id, payload)[: len(mac)], mac)",
        "return len(mac) == 16",
        "tests/unit/test_signed.py",
    ),
    Breakage(
        "a receipt ends",
        "service/signed.py",
        "if now_s - made_s > RECEIPT_LASTS_S:",
        "if now_s - made_s > RECEIPT_LASTS_S * 100:",
        "tests/unit/test_signed.py",
    ),
    Breakage(
        "the database's errors quote no row",
        "service/logs.py",
        'event["exception"] = type(error).__qualname__',
        'event["exception"] = repr(error)',
        "tests/unit/test_logs.py",
    ),
    Breakage(
        "a full disk behind the log stops nothing",
        "service/logs.py",
        "class _QuietHandler(logging.StreamHandler[Any]):",
        "class _QuietHandler(logging.StreamHandler[Any]):\n"
        "    def emit(self, record: Any) -> None:\n"
        "        self.stream.write(self.format(record))\n"
        "        self.stream.flush()\n",
        "tests/unit/test_logs.py",
    ),
    Breakage(
        "only what is published is shown",
        "service/storage/threads.py",
        "_SEEN = \" AND (status = 'published' OR published_descendants > 0)\"",
        '_SEEN = ""',
        "tests/web/test_reading.py tests/storage/test_threads.py",
    ),
    Breakage(
        "a removed comment shows none of its text",
        "service/storage/threads.py",
        "CASE WHEN status = 'published' THEN text END AS text,",
        "text,",
        "tests/storage/test_threads.py",
    ),
    Breakage(
        "a link in a comment is a web address",
        "service/web/comment_html.py",
        "        if safe_href(address) is None:\n            continue\n",
        "",
        "tests/unit/web/test_comment_html.py",
    ),
    Breakage(
        "a comment's text is escaped",
        "service/web/comment_html.py",
        "yield escape(text[position:])",
        "yield Markup(text[position:])",
        "tests/unit/web/test_comment_html.py",
    ),
    Breakage(
        "a foreign origin is refused",
        "service/web/cors.py",
        "if origin not in site.origins and origin != public_url:",
        'if origin == "https://nowhere.example":',
        "tests/web/test_where_a_reply_belongs.py",
    ),
    Breakage(
        "a redirect stays within the registered origins",
        "service/domain/page_url.py",
        "if address.origin not in origins:\n        return None",
        "if not any(address.origin.startswith(origin) for origin in origins):\n        return None",
        "tests/unit/domain tests/web/test_where_a_reply_belongs.py",
    ),
    Breakage(
        "only our own proxies say who a client is",
        "service/web/client_ip.py",
        "hop = _address(entry) if _is_trusted(client, trusted) else None",
        "hop = _address(entry)",
        "tests/unit/web/test_client_ip.py",
    ),
    Breakage(
        "IPv6 is limited by /64",
        "service/web/client_ip.py",
        "prefix = 24 if address.version == 4 else 64",
        "prefix = 24 if address.version == 4 else 128",
        "tests/unit/web/test_client_ip.py",
    ),
    Breakage(
        "without Redis the rate is halved, not unlimited",
        "service/limits/rate_limiter.py",
        "return self._local.take({key: limit.halved() for key, limit in limits.items()})",
        "return Decision()",
        "tests/limits",
    ),
    Breakage(
        "a frozen Redis holds nobody up",
        "service/limits/rate_limiter.py",
        "async with asyncio.timeout(self._patience_s):",
        "async with asyncio.timeout(self._patience_s * 40):",
        "tests/limits",
    ),
    Breakage(
        "what is refused uses nothing up",
        "service/limits/redis_counters.py",
        "if worst == 0 then",
        "if worst >= 0 then",
        "tests/limits",
    ),
    Breakage(
        "a key stands once in a JSON object",
        "service/strict_json.py",
        "if len(result) != len(pairs):",
        "if len(result) > len(pairs):",
        "tests/unit/web/test_json_body.py",
    ),
    Breakage(
        "a body has a cap while it comes in",
        "service/web/body.py",
        "if len(received) > max_bytes:",
        "if len(received) > max_bytes * 1000:",
        "tests/unit/web/test_body_over_http.py",
    ),
    Breakage(
        "a body that never ends is given up",
        "service/web/body.py",
        "async with asyncio.timeout(deadline_s):",
        "async with asyncio.timeout(deadline_s * 1000):",
        "tests/unit/web/test_body_over_http.py",
    ),
    Breakage(
        "an address in a URL is refused",
        "service/web/middleware.py",
        'if any(name.lower() == "email" for name in request.query):',
        'if any(name == "EMAIL!" for name in request.query):',
        "tests/web/test_submitting.py",
    ),
    Breakage(
        "a revoked or expired token opens nothing",
        "service/storage/moderators.py",
        " AND token.revoked_at IS NULL AND",
        " AND (token.revoked_at IS NULL OR true) AND",
        "tests/web/test_who_may_moderate.py",
    ),
    Breakage(
        "the token of this machine works from here alone",
        "service/web/auth.py",
        "if holder is None or (holder.loopback_only and not _is_loopback(request, services)):",
        "if holder is None:",
        "tests/web/test_who_may_moderate.py",
    ),
    Breakage(
        "a viewer decides nothing",
        "service/web/auth.py",
        "if not reaches(self.holder.rights.highest(), role):",
        "if self.holder.rights.highest() is None:",
        "tests/web/test_who_may_moderate.py",
    ),
    Breakage(
        "a well-known password refuses to start",
        "service/settings.py",
        'raise ValueError("has an empty or well-known password")',
        "pass",
        "tests/unit/test_settings.py",
    ),
    Breakage(
        "an unknown setting refuses to start",
        "service/settings.py",
        "unknown.append(name)",
        "pass",
        "tests/unit/test_settings.py",
    ),
    Breakage(
        "a message is acknowledged after its task",
        "workers/celery_settings.py",
        '"task_acks_late": True,',
        '"task_acks_late": False,',
        "tests/workers/test_messages.py",
    ),
    Breakage(
        "a ring never waits for a frozen Redis",
        "service/dispatch.py",
        '"socket_timeout": 2.0,',
        "",
        "tests/workers/test_doorbell.py",
    ),
    Breakage(
        "no status without its decision",
        "migrations/0001_create_schema.sql",
        "REFERENCES decision (site_id, comment_id, version, status) DEFERRABLE INITIALLY DEFERRED;",
        "REFERENCES decision (site_id, comment_id, version, status) NOT VALID;\n"
        "ALTER TABLE comment DROP CONSTRAINT comment_is_decided;",
        "tests/storage/test_constraints.py",
    ),
    Breakage(
        "the history is append-only",
        "migrations/0001_create_schema.sql",
        "GRANT INSERT ON decision TO replydesk_web, replydesk_worker;",
        "GRANT INSERT, UPDATE, DELETE ON decision TO replydesk_web, replydesk_worker;",
        "tests/storage/test_rights.py",
    ),
    Breakage(
        "the web process cannot read an address back",
        "migrations/0001_create_schema.sql",
        "GRANT INSERT ON comment, comment_email TO replydesk_web;",
        "GRANT INSERT, SELECT ON comment, comment_email TO replydesk_web;",
        "tests/storage/test_rights.py",
    ),
    Breakage(
        "a key is taken by one submission",
        "service/usecases/submit.py",
        "if kept is None or kept.is_same:",
        "if True:",
        "tests/usecases/test_submit.py tests/web/test_sending_twice.py",
    ),
    Breakage(
        "the patrol finds what nobody rang for",
        "workers/patrol.py",
        "while now == heard and not self._ended.is_set() and self._is_due():",
        "while now == heard and self._ended.is_set() and self._is_due():",
        "tests/workers/test_patrol.py",
    ),
    *ALERTS,
    *REDACTION,
    *CHECKS,
    *ENTRANCE,
    *GATES,
    *LEARNING,
    *OUTSIDE,
    *RULES,
    *PERSONAL_DATA,
    *POISON,
    *SHEDDING,
    *APPEALS,
    *EDITS,
    *IDENTITIES,
    *NOTICES,
    *REVEALS,
    *TOGETHER,
)
