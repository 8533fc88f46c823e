-- The line of the policy that decided goes with an erased text: `blocked_words.3` says which word stood in it.
-- phase: pre
-- oldest code: 1
-- statement timeout: 60s
--
-- Code of migration 12 goes on working: it reads such a line where there is one.

CREATE FUNCTION forget_rule() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.rule := NULL;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION forget_rule FROM PUBLIC;
CREATE TRIGGER forget_rule BEFORE UPDATE OF scrubbed_at ON decision
    FOR EACH ROW WHEN (NEW.scrubbed_at IS NOT NULL) EXECUTE FUNCTION forget_rule();

UPDATE decision SET rule = NULL WHERE scrubbed_at IS NOT NULL AND rule IS NOT NULL;
