-- A name in a function with the owner's rights means what the owner meant by it.
-- phase: pre
-- oldest code: 1
--
-- Where a search_path does not name pg_temp, Postgres looks for tables and types there first, even before
-- pg_catalog. A process that was taken over could make a temporary type `timestamptz` with a CHECK of its own
-- and have a function with the owner's rights run it. Named last, it hides nothing.

ALTER FUNCTION author_of SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION author_of_any SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION index_author SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION begin_erasure SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION go_on_erasing SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION expire_restricted SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION expire_addresses SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION expire_networks SET search_path = pg_catalog, public, pg_temp;
-- Called by those, with the same rights.
ALTER FUNCTION lock_identities SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION make_tombstone SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION forget_idle_authors SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION comment_version_rises SET search_path = pg_catalog, public, pg_temp;
