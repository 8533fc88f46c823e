"""Guards of what only few may do: opening one address, and taking a second factor away."""

# ruff: noqa: E501  (a statement is found by its whole line)

from tests.mutations.breakage import Breakage

_USE = "service/usecases/reveal.py"
_STORED = "service/storage/reveals.py"
_COMMAND = "service/cli/reveal.py"
_PEOPLE = "service/usecases/people.py"
_TESTS = "tests/cli/test_reveal.py"
_FACTORS = "tests/web/test_second_factor.py"
_CLI = "service/cli/moderator.py"

REVEALS = (
    Breakage("a reveal is on record", _USE, "    await audit.record(connection, entry)\n", "", _TESTS),
    Breakage(
        "a reveal is on record before the address is opened",
        _COMMAND,
        "        site_id = with_database(lambda held: put_on_record(held, asked))\n"
        "        email = with_private_pool(read)\n",
        "        site_id = 1\n        email = with_private_pool(read)\n"
        "        with_database(lambda held: put_on_record(held, asked))\n",
        _TESTS,
    ),
    Breakage(
        "a reveal has a reason of one line",
        _USE,
        "    if not reason or not reason.isprintable() or",
        "    if",
        _TESTS,
    ),
    Breakage("the reason of a reveal is short", _USE, " or len(reason) > LONGEST_REASON", "", _TESTS),
    Breakage("the reason of a reveal holds no address", _USE, 'if "@" in reason:', "if False:", _TESTS),
    Breakage(
        "the record of a reveal says what for", _USE, '{"kind": asked.kind, "reason": reason}', "{}", _TESTS
    ),
    Breakage("the record of a reveal says who", _USE, "site.id, moderator_id, f", "site.id, None, f", _TESTS),
    Breakage(
        "a site has reveals off",
        _USE,
        "if not await reveals.is_switched_on(connection, site.id):",
        "if False:",
        _TESTS,
    ),
    Breakage(
        "a site has reveals off until an operator switches them on",
        "migrations/0037_switch_reveals_on.sql",
        "DEFAULT false",
        "DEFAULT true",
        _TESTS,
    ),
    Breakage(
        "switching reveals on is on record",
        "service/cli/site.py",
        '            details["reveal"] = reveal\n',
        "",
        _TESTS,
    ),
    Breakage(
        "a reveal takes an admin", _USE, 'one.role_at(site_id) == "admin"', "one.role_at(site_id)", _TESTS
    ),
    Breakage(
        "a reveal takes an admin of that site",
        _USE,
        'one.role_at(site_id) == "admin"',
        'one.highest() == "admin"',
        _TESTS,
    ),
    Breakage(
        "nobody who is shut out answers for a reveal",
        _USE,
        "if found is not None and found[1] is None:",
        "if found is not None:",
        _TESTS,
    ),
    Breakage(
        "a token lifts nobody's own role for a reveal", _USE, "if rights == [None]:", "if rights:", _TESTS
    ),
    Breakage(
        "an admin by a token answers for a reveal as long as it is valid",
        "service/storage/people.py",
        "AND role = 'admin' AND revoked_at IS NULL",
        "AND role = 'admin'",
        _TESTS,
    ),
    Breakage(
        "an admin by a token is one by a token of that role",
        "service/storage/people.py",
        "moderator_id = $1 AND role = 'admin' AND",
        "moderator_id = $1 AND",
        _TESTS,
    ),
    Breakage(
        "a reveal is about a comment of the site that allows it",
        _STORED,
        "WHERE comment.site_id = $1 AND comment.id = $2",
        "WHERE $1 > 0 AND comment.id = $2",
        _TESTS,
    ),
    Breakage("a reveal tells what was erased", _USE, 'if found.status == "erased":', "if False:", _TESTS),
    Breakage(
        "no reveal is on record where no address is kept",
        _USE,
        "if not found.has_address:",
        "if False:",
        _TESTS,
    ),
    Breakage(
        "without its key a reveal quotes nothing",
        _USE,
        "    except (InvalidTag, KeyError):",
        "    except InvalidTag:",
        _TESTS,
    ),
    Breakage(
        "no process may switch reveals on",
        "migrations/0037_switch_reveals_on.sql",
        "COMMENT ON COLUMN site.reveals_addresses",
        "GRANT UPDATE (reveals_addresses) ON site TO replydesk_web;\nCOMMENT ON COLUMN site.reveals_addresses",
        "tests/storage/test_rights.py",
    ),
    Breakage(
        "a reset of a second factor takes an admin of all that the person has",
        _PEOPLE,
        "    person = await _lock_whole(connection, admin, moderator_id)\n    if await second",
        "    person = await _lock(connection, admin, moderator_id)\n    if await second",
        _FACTORS,
    ),
    Breakage(
        "a reset of a second factor ends every session",
        _PEOPLE,
        '        await passwords.end_sessions(connection, moderator_id)\n        await _record(connection, admin, person, "second',
        '        await _record(connection, admin, person, "second',
        _FACTORS,
    ),
    Breakage(
        "a reset of a second factor is on record",
        _PEOPLE,
        '        await _record(connection, admin, person, "second_factor.reset", _sites_of(person))\n',
        "",
        _FACTORS,
    ),
    Breakage(
        "nobody resets the own second factor",
        _PEOPLE,
        "if person.id == admin.moderator_id:",
        "if False:",
        _FACTORS,
    ),
    Breakage(
        "the recovery codes go with the second factor",
        "migrations/0029_add_second_factor.sql",
        " ON DELETE CASCADE",
        " ON DELETE NO ACTION",
        _FACTORS,
    ),
    Breakage(
        "an operator's reset of a second factor ends every session",
        _CLI,
        '        await passwords.end_sessions(connection, moderator_id)\n        await _record(connection, moderator_id, "second',
        '        await _record(connection, moderator_id, "second',
        "tests/cli/test_moderators.py",
    ),
    Breakage(
        "an operator's reset of a second factor is on record",
        _CLI,
        '        await _record(connection, moderator_id, "second_factor.reset", name)\n',
        "",
        "tests/cli/test_moderators.py",
    ),
    Breakage(
        "a revealed address is on standard output alone",
        _COMMAND,
        "    click.echo(email.reveal())\n",
        "    click.echo(email.reveal())\n    click.echo(email.reveal(), err=True)\n",
        f"{_TESTS} tests/leaks/test_no_address_by_reveal.py",
    ),
    Breakage(
        "a revealed address is in no statement",
        _COMMAND,
        "    click.echo(email.reveal())\n",
        "    click.echo(email.reveal())\n    with_database(lambda held: held.execute(f\"SELECT '{email.reveal().replace(chr(39), str())}'\"))\n",
        "tests/leaks/test_no_address_by_reveal.py",
    ),
)
