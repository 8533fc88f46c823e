"""What the processes' roles may do in the database, and above all what they may not."""

# ruff: noqa: S608  (statements that no program would build are what is tested)

from itertools import permutations
from typing import Any

import asyncpg
import pytest

from service.domain.email import EmailIndex
from service.storage import submissions
from service.storage.pool import Pool
from tests.factories import Paper, make_email, make_vault

REFUSED = asyncpg.InsufficientPrivilegeError

TABLES = {
    "replydesk_web": {
        "appeal": "INSERT SELECT",
        "alert": "SELECT",
        "audit_entry": "SELECT",
        "author": "SELECT",
        "backtest": "INSERT SELECT",
        "candidate": "INSERT SELECT",
        "comment": "INSERT SELECT",
        "comment_as_submitted": "INSERT",
        "comment_count": "SELECT",
        "comment_count_change": "SELECT",
        "comment_email": "INSERT",
        "decision": "INSERT SELECT",
        "earlier_text": "SELECT",
        "event": "SELECT",
        "event_order": "SELECT",
        "hourly_figure": "SELECT",
        "hourly_figures_kept": "SELECT",
        "invitation": "SELECT",
        "mail_recipient": "INSERT",
        "mail_stop": "DELETE INSERT SELECT",
        "moderator": "SELECT",
        "moderator_access": "DELETE SELECT",
        "moderator_identity": "SELECT",
        "moderator_password": "SELECT",
        "moderator_recovery_code": "DELETE SELECT",
        "moderator_session": "DELETE INSERT SELECT",
        "moderator_token": "SELECT",
        "moderator_totp": "DELETE SELECT",
        "page": "INSERT SELECT",
        "policy": "INSERT SELECT",
        "reader_mail": "INSERT",
        "report": "INSERT SELECT",
        "sample": "SELECT",
        "schema_migration": "SELECT",
        "service_feedback": "INSERT SELECT",
        "service_use": "SELECT",
        "shadow_verdict": "SELECT",
        "site": "SELECT",
        "site_learning": "SELECT",
        "site_model": "SELECT",
        "site_origin": "SELECT",
        "site_reason": "SELECT",
        "network_standing": "INSERT SELECT",
        "standing": "INSERT SELECT",
        "submission_key": "INSERT SELECT UPDATE",
        "webhook": "DELETE INSERT SELECT UPDATE",
        "webhook_delivery": "INSERT SELECT",
    },
    "replydesk_worker": {
        "alert": "DELETE INSERT SELECT",
        "alert_mail": "INSERT SELECT",
        "author": "SELECT",
        "backtest": "DELETE SELECT",
        "candidate": "DELETE SELECT",
        "chore": "INSERT SELECT UPDATE",
        "comment": "SELECT",
        "comment_as_submitted": "SELECT",
        "comment_count": "SELECT",
        "comment_count_change": "SELECT",
        "decision": "INSERT SELECT",
        "event": "SELECT",
        "event_order": "SELECT",
        "hourly_figure": "INSERT SELECT",
        "hourly_figures_kept": "INSERT SELECT",
        "mail_recipient": "SELECT",
        "mail_stop": "SELECT",
        "moderator": "SELECT",
        "page": "SELECT",
        "policy": "SELECT",
        "reader_mail": "SELECT",
        "sample": "INSERT SELECT",
        "schema_migration": "SELECT",
        "service_feedback": "SELECT",
        "service_use": "INSERT SELECT",
        "shadow_verdict": "DELETE INSERT SELECT",
        "site": "SELECT",
        "site_learning": "SELECT",
        "site_model": "DELETE INSERT SELECT",
        "site_origin": "SELECT",
        "site_reason": "SELECT",
        "network_standing": "SELECT",
        "standing": "SELECT",
        "submission_key": "DELETE",
        "text_sketch": "DELETE INSERT SELECT",
        "webhook": "SELECT",
        "webhook_delivery": "INSERT SELECT",
    },
    "replydesk_private": {
        "author_identity": "DELETE SELECT UPDATE",
        "comment_email": "DELETE SELECT UPDATE",
        "erasure": "SELECT",
        "policy": "SELECT",
        "site": "SELECT",
        "site_origin": "SELECT",
        "site_reason": "SELECT",
    },
}
COLUMNS = {
    "replydesk_web": {
        "appeal": {"outcome", "settled_at", "settled_by", "alone", "answer"},
        "comment": {
            "status", "reason", "version", "published_descendants", "published_at",
            "claimed_by", "claimed_until", "due_at", "attempts", "confirmed", "picked_at",
        },
        "author": {"confirmed_at"},
        "mail_recipient": {"wants_decision", "wants_replies", "confirmed_at"},
        "candidate": {"ended_at"},
        "site": {"policy_version", "mode", "mode_until"},
        "page": {"title", "open", "kept_open", "closes_at", "premoderated", "published_count", "revision"},
        "invitation": {"used_at", "revoked_at", "moderator_id"},
        "moderator": {"disabled_at"},
        "moderator_access": {"role"},
        "moderator_password": {"hash", "changed_at"},
        "moderator_session": {"last_used_at"},
        "moderator_totp": {"key_id", "sealed", "last_step", "confirmed_at"},
        "moderator_token": {"last_used_at", "revoked_at", "site_ids"},
        "sample": {"answered_at", "moderator_id"},
        "service_feedback": {"wanted", "due_at", "attempts"},
        "site_learning": {
            "revision", "spam_state", "abuse_state", "spam_version", "abuse_version", "counted_from",
            "broken_at", "changed_at", "moderator_id",
        },
        "network_standing": {"lifted_at", "lifted_by"},
        "standing": {"lifted_at", "lifted_by"},
        "site_reason": {"label", "text", "retired_at"},
        "submission_key": {"site_id", "key", "body", "comment_id", "submitted_at"},
        "webhook": {
            "site_id", "id", "url", "types", "description", "key_id", "sealed", "old_key_id", "old_sealed",
            "old_until", "seen_seq", "failures", "failing_since", "retry_at", "last_error",
            "last_success_at", "disabled_at", "disabled_why", "created_at",
        },
        "webhook_delivery": {"state", "attempts", "due_at"},
    },
    "replydesk_worker": {
        "backtest": {"status", "done", "report", "failure", "attempts", "leased_until"},
        "chore": {"name", "ran_at"},
        "comment": {
            "status", "reason", "version", "published_descendants", "published_at",
            "due_at", "lease_token", "attempts", "risk", "language", "objections",
        },
        "alert": {"ended_at", "ended_value"},
        "alert_mail": {"state", "attempts", "due_at", "lease_token", "last_error"},
        "hourly_figures_kept": {"through"},
        "page": {"published_count", "revision"},
        "reader_mail": {"state", "attempts", "due_at", "lease_token", "last_error"},
        "service_feedback": {"told", "due_at", "attempts"},
        "service_use": {"asked"},
        "webhook": {
            "seen_seq", "failures", "failing_since", "retry_at", "last_error", "last_success_at",
            "disabled_at", "disabled_why",
        },
        "webhook_delivery": {"state", "attempts", "due_at", "lease_token", "last_error", "delivered_at"},
        "site_learning": {
            "revision", "spam_version", "abuse_version", "thresholds", "report", "policy_version",
            "seen_decision", "labels", "learned_at", "counted_from", "broken_at",
        },
    },
    "replydesk_private": {
        "comment_email": {"site_id", "comment_id", "key_id", "sealed"},
        "author_identity": {"site_id", "email_index", "index_key_id", "author_id"},
    },
}  # fmt: skip
FUNCTIONS = {
    "replydesk_web": {
        "author_behind",
        "edit_text",
        "take_in_revision",
        "withdraw_comment",
        "author_of",
        "author_of_any",
        "begin_erasure",
        "go_on_erasing",
        "merge_pages",
        "order_events",
        "queued_objections",
        "redact_text",
        "restore_part",
        "restore_text",
        "restricting_decision",
        "uuid_at",
    },
    "replydesk_worker": {
        "drop_old_events",
        "expire_addresses",
        "expire_appeals",
        "expire_as_submitted",
        "expire_earlier_texts",
        "expire_networks",
        "expire_reports",
        "expire_restricted",
        "fold_comment_counts",
        "queued_objections",
        "expire_network_standings",
        "expire_standings",
        "expire_unconfirmed",
        "take_in_revision",
        "go_on_erasing",
        "order_events",
        "restricting_decision",
        "uuid_at",
    },
    "replydesk_private": {"begin_erasure", "go_on_erasing", "index_author"},
}


@pytest.mark.parametrize("role", list(TABLES))
async def test_a_role_has_these_rights_and_no_others(role: str, owner: Any) -> None:
    rows = await owner.fetch(
        """
        SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS rights
        FROM information_schema.role_table_grants WHERE grantee = $1 GROUP BY table_name
        """,
        role,
    )
    assert {row["table_name"]: row["rights"] for row in rows} == TABLES[role]


@pytest.mark.parametrize("role", list(COLUMNS))
async def test_a_role_may_change_these_columns_and_no_others(role: str, owner: Any) -> None:
    rows = await owner.fetch(
        """
        SELECT table_name, column_name FROM information_schema.column_privileges
        WHERE grantee = $1 AND privilege_type = 'UPDATE'
        """,
        role,
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["table_name"], set()).add(row["column_name"])
    assert found == COLUMNS[role]


@pytest.mark.parametrize("role", list(FUNCTIONS))
async def test_a_role_may_call_these_functions_and_no_others(role: str, owner: Any) -> None:
    rows = await owner.fetch(
        "SELECT DISTINCT routine_name FROM information_schema.role_routine_grants WHERE grantee = $1", role
    )
    assert {name for (name,) in rows} == FUNCTIONS[role]


async def test_no_table_function_or_schema_is_open_to_everyone(owner: Any) -> None:
    for kind in ("table", "routine"):
        rows = await owner.fetch(
            f"SELECT {kind}_name FROM information_schema.role_{kind}_grants"
            f" WHERE grantee = 'PUBLIC' AND {kind}_schema = 'public'"
        )
        # A trigger's function cannot be called; every other one must be granted by name.
        assert [name for (name,) in rows if name != "comment_version_rises"] == []
    for right in ("CREATE", "USAGE"):
        assert not await owner.fetchval("SELECT has_schema_privilege('public', 'public', $1)", right)


@pytest.mark.parametrize("role", list(TABLES))
async def test_a_role_owns_nothing_and_is_nothing_special(role: str, owner: Any) -> None:
    row = await owner.fetchrow(
        """
        SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolcanlogin FROM pg_roles
        WHERE rolname = $1
        """,
        role,
    )
    assert not any(row.values())
    assert (
        await owner.fetchval("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = $1", role) == 0
    )


async def test_the_pools_act_as_their_roles_on_every_connection(web: Pool, worker: Pool) -> None:
    for pool, role in ((web, "replydesk_web"), (worker, "replydesk_worker")):
        for _ in range(2):  # the second time it was reset on its way back to the pool
            async with pool.acquire() as held:
                assert await held.fetchval("SELECT current_user") == role


async def test_web_adds_an_address_and_reads_none(paper: Paper) -> None:
    comment_id = await paper.post()
    assert await paper.count("comment_email") == 1
    for column in ("*", "sealed", "key_id", "comment_id", "count(*)", "1"):
        async with paper.web.acquire() as held:
            with pytest.raises(REFUSED):
                await held.fetch(f"SELECT {column} FROM comment_email")
    for statement in (
        "UPDATE comment_email SET sealed = ''",
        "DELETE FROM comment_email",
        "TRUNCATE comment_email",
        f"INSERT INTO comment_email VALUES (1, '{comment_id}', 1, '') RETURNING sealed",
        f"""
        INSERT INTO comment_email VALUES (1, '{comment_id}', 1, '')
        ON CONFLICT ON CONSTRAINT comment_email_pkey DO UPDATE SET key_id = 2
        """,
    ):
        async with paper.web.acquire() as held:
            with pytest.raises(REFUSED):
                await held.execute(statement)


async def test_the_worker_has_no_right_at_all_on_addresses(paper: Paper, worker: Pool) -> None:
    comment_id = await paper.post()
    for statement in (
        "SELECT 1 FROM comment_email",
        f"INSERT INTO comment_email VALUES (1, '{comment_id}', 1, '')",
        "UPDATE comment_email SET key_id = 2",
        "DELETE FROM comment_email",
        "COPY comment_email TO STDOUT",
    ):
        async with worker.acquire() as held:
            with pytest.raises(REFUSED):
                await held.execute(statement)


async def test_one_role_alone_reads_addresses_and_of_a_comment_only_whose_it_is(owner: Any) -> None:
    readers = """
        SELECT DISTINCT grantee FROM information_schema.column_privileges
        WHERE table_name = ANY($1) AND privilege_type IN ('SELECT', 'UPDATE')
        AND grantee <> current_user
    """
    rows = await owner.fetch(readers, ["comment_email", "author_identity"])
    assert [name for (name,) in rows] == ["replydesk_private"]
    columns = await owner.fetch(
        """
        SELECT column_name FROM information_schema.column_privileges
        WHERE table_name = 'comment' AND grantee = 'replydesk_private'
        """
    )
    assert {name for (name,) in columns} == {"site_id", "id", "author_id"}


async def test_nobody_reads_which_address_is_which_author(paper: Paper, worker: Pool) -> None:
    await paper.post()
    for pool in (paper.web, worker):
        for column in ("*", "author_id", "email_index", "count(*)"):
            async with pool.acquire() as held:
                with pytest.raises(REFUSED):
                    await held.fetch(f"SELECT {column} FROM author_identity")


async def test_web_asks_for_an_author_by_index_and_the_worker_may_not(paper: Paper, worker: Pool) -> None:
    indexes = make_vault().indexes(make_email("mara"), paper.site.id)
    async with paper.web.acquire() as held:
        first = await submissions.author_of(held, paper.site.id, indexes, "a-pseudonym")
        again = await submissions.author_of(held, paper.site.id, indexes, "another")
    assert first == again
    assert await paper.owner.fetchval("SELECT key FROM author WHERE id = $1", first) == "a-pseudonym"
    async with worker.acquire() as held:
        with pytest.raises(REFUSED):
            await submissions.author_of(held, paper.site.id, indexes, "x")


async def test_a_function_with_the_owners_rights_is_not_led_astray_by_the_callers_tables(
    paper: Paper,
) -> None:
    async with paper.web.acquire() as held:
        trick = "CREATE TEMP TABLE author_identity (site_id int, email_index bytea, author_id bigint)"
        try:
            await held.execute(trick)
            await held.execute(f"INSERT INTO pg_temp.author_identity VALUES ({paper.site.id}, 'x', 4711)")
        except REFUSED:
            pass
        assert await submissions.author_of(held, paper.site.id, [EmailIndex(1, b"x")], "a-pseudonym") != 4711


ARGUMENTS = {
    "queued_objections": "1, 'held', ARRAY['links']",
    "restricting_decision": "1, gen_random_uuid(), 'spam'",
    "take_in_revision": "1, gen_random_uuid(), 1, NULL, 'checks', NULL, 1, 'judge', NULL, NULL, '[]'",
}
"""Of those that take more than how much they may do."""


async def test_a_function_with_the_owners_rights_runs_no_code_of_its_caller(worker: Pool) -> None:
    """A temporary type of a known name, with a CHECK that notes who runs it: it must stay unused."""
    async with worker.acquire() as held:
        await held.execute(
            """
            CREATE TEMP TABLE ran_as (who name);
            CREATE FUNCTION pg_temp.note(pg_catalog.timestamptz) RETURNS boolean
                LANGUAGE plpgsql AS 'BEGIN INSERT INTO ran_as VALUES (current_user); RETURN true; END';
            CREATE DOMAIN pg_temp.timestamptz AS pg_catalog.timestamptz CHECK (pg_temp.note(VALUE));
            """
        )
        for function in sorted(FUNCTIONS["replydesk_worker"] - {"uuid_at"}):  # that one has nobody's rights
            await held.fetchval(f"SELECT {function}({ARGUMENTS.get(function, '1')})")
        assert await held.fetch("SELECT who FROM ran_as") == []


async def test_every_function_looks_for_temporary_names_last(owner: Any) -> None:
    rows = await owner.fetch(
        "SELECT proname, proconfig[1] FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    assert {name for name, path in rows if not str(path).endswith(", pg_temp")} == set()
    assert {name for (name, _) in rows} >= set().union(*FUNCTIONS.values())


@pytest.mark.parametrize("process", ["web", "worker"])
async def test_no_process_deletes_or_empties(process: str, paper: Paper, worker: Pool) -> None:
    await paper.post_published()
    async with {"web": paper.web, "worker": worker}[process].acquire() as held:
        for table in ("comment", "decision", "page", "site", "policy", "moderator", "author"):
            for verb in ("DELETE FROM", "TRUNCATE", "DROP TABLE"):
                with pytest.raises(REFUSED):
                    await held.execute(f"{verb} {table}" + (" CASCADE" if verb != "DELETE FROM" else ""))


@pytest.mark.parametrize("process", ["web", "worker"])
async def test_the_history_is_append_only(process: str, paper: Paper, worker: Pool) -> None:
    await paper.post_published()
    async with {"web": paper.web, "worker": worker}[process].acquire() as held:
        for column in ("note", "reason", "status", "version", "moderator_id", "findings", "decided_at"):
            with pytest.raises(REFUSED):
                await held.execute(f"UPDATE decision SET {column} = NULL")


async def test_the_worker_reads_no_secret(worker: Pool) -> None:
    async with worker.acquire() as held:
        for table in ("moderator_token", "moderator_session", "moderator_password", "submission_key"):
            with pytest.raises(REFUSED):
                await held.fetch(f"SELECT * FROM {table}")


async def test_neither_role_can_become_the_other_or_make_tables(web: Pool, worker: Pool, owner: Any) -> None:
    """As a login of its own: what is assumed by SET ROLE can be left again."""
    for role, other in permutations(TABLES, 2):
        assert not await owner.fetchval("SELECT pg_has_role($1, $2, 'MEMBER')", role, other)
    for pool in (web, worker):
        async with pool.acquire() as held:
            with pytest.raises(REFUSED):
                await held.execute("CREATE TABLE of_mine ()")


async def test_what_lists_the_columns_of_a_comment_never_finds_an_address(paper: Paper) -> None:
    """No table that a process can read holds the address in any form that does not need a key."""
    address = make_email("mara.canary")
    await paper.post(email=address)
    tables = await paper.owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        for row in await paper.owner.fetch(f"SELECT row_to_json(it)::text AS line FROM {table} AS it"):
            assert "canary" not in row["line"].lower()
            assert address.reveal().encode().hex() not in row["line"]


async def test_an_error_of_the_database_about_an_address_quotes_no_address(paper: Paper) -> None:
    comment_id = await paper.post(email=make_email("mara.canary"))
    sealed = make_vault().seal(make_email("mara.canary"), paper.site.id, comment_id).sealed
    async with paper.web.acquire() as held:
        with pytest.raises(asyncpg.UniqueViolationError) as caught:
            await held.execute("INSERT INTO comment_email VALUES ($1, $2, 1, $3)", 1, comment_id, sealed)
    assert "canary" not in f"{caught.value} {caught.value.detail}"


@pytest.mark.parametrize("role", list(TABLES))
async def test_a_role_appends_to_the_audit_log_and_chooses_no_time_or_number(role: str, owner: Any) -> None:
    rows = await owner.fetch(
        """
        SELECT column_name FROM information_schema.column_privileges
        WHERE grantee = $1 AND table_name = 'audit_entry' AND privilege_type = 'INSERT'
        """,
        role,
    )
    assert {name for (name,) in rows} == {"site_id", "moderator_id", "action", "subject", "details"}
