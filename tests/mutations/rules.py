"""Guards of how rules are changed, tried, watched and applied again."""

from tests.mutations.breakage import Breakage

_REPLAY = "tests/unit/moderation/test_replay.py"
_REPLAYER = "service/moderation/backtest/replay.py"
_SHADOW = "tests/usecases/test_shadow.py"
_RECHECK = "tests/usecases/test_recheck.py"
_RECHECKS = "service/storage/rechecks.py"
_POLICIES = "tests/cli/test_policies.py"
_FILE = "service/cli/policy_file.py"

RULES = (
    Breakage(
        "a whole top-level domain is not trusted by mistake",
        "service/moderation/policy_entries.py",
        'may_be_suffix=field == "blocked_domains"',
        "may_be_suffix=True",
        "tests/unit/moderation/test_policy_entries.py",
    ),
    Breakage(
        "entries that match nothing are faults",
        "service/moderation/policy_document.py",
        "[*unknown, *islice(entry_faults(policy), MOST_FAULTS)]",
        "list(unknown)",
        "tests/unit/moderation/test_policy_entries.py",
    ),
    Breakage(
        "a finding is used again only by the same lines of the policy",
        _REPLAYER,
        "    if any(getattr(old, name) != getattr(new, name) for name in check.READS):",
        "    if False:",
        _REPLAY,
    ),
    Breakage(
        "a finding of another version of its check is not used again",
        _REPLAYER,
        "return stored.version == check.VERSION and",
        "return",
        _REPLAY,
    ),
    Breakage(
        "a failed check runs again in a backtest",
        _REPLAYER,
        " and stored.outcome is not Outcome.UNKNOWN\n",
        "\n",
        _REPLAY,
    ),
    Breakage(
        "what was counted at the moment is not made up",
        _REPLAYER,
        "            self.missed = True",
        "            pass",
        _REPLAY,
    ),
    Breakage(
        "a site's action hides what a check said",
        _REPLAYER,
        "    return before in {after, None} or (before != NOTE and after is not None)",
        "    return True",
        _REPLAY,
    ),
    Breakage(
        "a check says what it reads of the policy",
        "service/moderation/checks/links.py",
        "READS: tuple[str, ...] = (",
        "READS: tuple[str, ...] = () and (",
        "tests/unit/moderation/test_reads.py",
    ),
    Breakage(
        "what is erased is not looked at again",
        "service/storage/past.py",
        "AND status <> 'erased' AND ($2",
        "AND ($2",
        "tests/usecases/test_backtest.py",
    ),
    Breakage(
        "a backtest that was begun too often fails",
        "service/storage/backtests.py",
        "attempts >= $1",
        "attempts >= $1 + 9",
        "tests/workers/test_backtests.py",
    ),
    Breakage(
        "a candidate that fails goes on record and no further",
        "service/usecases/shadow.py",
        "        except Exception as error:  # noqa: BLE001  (a candidate is there to be found wanting)",
        "        except KeyError as error:",
        _SHADOW,
    ),
    Breakage(
        "a record of a candidate that cannot be written fails nothing live",
        "service/usecases/shadow.py",
        "        except Exception as error:  # noqa: BLE001  (nothing live may fail with it)",
        "        except ZeroDivisionError as error:",
        _SHADOW,
    ),
    Breakage(
        "live comments come before candidates",
        "service/usecases/check.py",
        "                if batch := await self._claim(token, room):",
        "                if not await self.shadow.judge_some() and (batch := await self._claim(token, room)):",  # noqa: E501
        _SHADOW,
    ),
    Breakage(
        "nothing is recorded about an erased comment",
        "service/storage/shadows.py",
        "AND status <> 'erased' FOR SHARE",
        "FOR SHARE",
        _SHADOW,
    ),
    Breakage(
        "what a candidate said goes with the comment",
        "migrations/0007_version_policies.sql",
        "FOR EACH ROW WHEN (NEW.status = 'erased') EXECUTE FUNCTION forget_shadow();",
        "FOR EACH ROW WHEN (NEW.status = 'spam') EXECUTE FUNCTION forget_shadow();",
        _SHADOW,
    ),
    Breakage(
        "a recheck takes nothing that a person decided",
        _RECHECKS,
        "AND source = 'moderator' AND action <> 'recheck')",
        "AND source = 'nobody')",
        _RECHECK,
    ),
    Breakage(
        "a recheck takes nothing that a moderator looks at",
        _RECHECKS,
        "      AND (it.claimed_until IS NULL OR it.claimed_until <= clock_timestamp())\n",
        "",
        _RECHECK,
    ),
    Breakage(
        "a recheck leaves alone what awaits its author's mail",
        _RECHECKS,
        "      AND it.reason IS DISTINCT FROM 'awaiting_confirmation' AND",
        "      AND",
        _RECHECK,
    ),
    Breakage(
        "a recheck leaves alone what was one of a flood whose network is forgotten",
        _RECHECKS,
        "said ->> 'check' = 'flood' AND it.network IS NULL",
        "false",
        _RECHECK,
    ),
    Breakage(
        "a recheck leaves alone what was one of many that are forgotten",
        _RECHECKS,
        "AND it.submitted_at < clock_timestamp() - $6::interval",
        "AND it.submitted_at < clock_timestamp() - $6::interval * 99",
        _RECHECK,
    ),
    Breakage(
        "a recheck gives a comment its attempts again",
        _RECHECKS,
        ", due_at = clock_timestamp(), attempts = 0",
        ", due_at = clock_timestamp()",
        _RECHECK,
    ),
    Breakage(
        "a recheck is no opinion to take back",
        "service/storage/decisions.py",
        'frozenset({"undo", "recheck", "restore", "answer", "pick", "unpick", "uphold", "grant"})',
        'frozenset({"undo", "restore", "answer", "pick", "unpick", "uphold", "grant"})',
        _RECHECK,
    ),
    Breakage(
        "nobody overwrites a policy that somebody else changed",
        "service/usecases/change_policy.py",
        "    if change.seen is not None and change.seen != version:",
        "    if False:",
        _POLICIES,
    ),
    Breakage(
        "a key stands once in a policy in YAML",
        _FILE,
        "            if key.value in seen:",
        "            if False:",
        _POLICIES,
    ),
    Breakage(
        "a policy in YAML shares nothing",
        _FILE,
        "        if self.check_event(yaml.AliasEvent):",
        "        if False:",
        _POLICIES,
    ),
    Breakage(
        "Norwegian is no falsehood",
        _FILE,
        '("bool", r"true|false", "tf")',
        '("bool", r"true|false|on|no", "tfon")',
        _POLICIES,
    ),
    Breakage(
        "a policy holds no character that the database refuses",
        "service/moderation/policy_document.py",
        '    unknown = [*_unknown_checks(document), *_unstorable(document, "policy")]',
        "    unknown = [*_unknown_checks(document)]",
        _POLICIES,
    ),
    Breakage(
        "what readers wrote is harmless on a terminal",
        "service/cli/terminal.py",
        "one if one.isprintable() else _spelt(one)",
        "one",
        "tests/cli/test_explaining.py",
    ),
)
