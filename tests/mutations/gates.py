"""Guards towards the outside: slow clients, outside services, patterns, links."""

from tests.mutations.breakage import Breakage

_SLOW = "tests/sockets/test_slow_clients.py"
_MANY = "tests/sockets/test_many_connections.py"
_ASKING = "tests/outbound/test_asking.py"
_ADDRESSES = "tests/outbound/test_addresses.py"
_PATTERNS = "tests/unit/domain/test_patterns.py"

GATES = (
    Breakage(
        "a head that drips in has a deadline",
        "service/web/connection.py",
        "self._head_timer = self._loop.call_later(self._patience.head_s, self._head_is_late)",
        "pass",
        _SLOW,
    ),
    Breakage(
        "the second request of a connection has it too",
        "service/web/connection.py",
        "            if self._head_timer is None:\n                self._wait_for_head()",
        "            pass",
        _SLOW,
    ),
    Breakage(
        "a body that drips in has a deadline",
        "service/web/app.py",
        "app[BODY_DEADLINE_S] = settings.request_s",
        "app[BODY_DEADLINE_S] = 60.0",
        _SLOW,
    ),
    Breakage(
        "an answer that nobody reads is given up",
        "service/web/connection.py",
        "            self._wire.abort()\n        else",
        "            pass\n        else",
        "tests/sockets/test_unread_answers.py",
    ),
    Breakage(
        "for a new connection the idlest is closed",
        "service/web/open_connections.py",
        "                guest.send_away()",
        "                pass",
        _MANY,
    ),
    Breakage(
        "connections leave descriptors for everything else",
        "service/web/open_connections.py",
        "self.files() - RESERVED_FILES",
        "self.files()",
        "tests/unit/web/test_open_connections.py",
    ),
    Breakage(
        "a name is resolved once, and the connection goes to what was looked at",
        "service/outbound/client.py",
        "resolver=_Chosen(addresses), ",
        "",
        _ASKING,
    ),
    Breakage(
        "an outside service cannot redirect us",
        "service/outbound/client.py",
        "allow_redirects=False",
        "allow_redirects=True",
        _ASKING,
    ),
    Breakage(
        "an outside service proves who it is",
        "service/outbound/client.py",
        "ssl=rules.tls or True",
        "ssl=rules.tls or False",
        _ASKING,
    ),
    Breakage(
        "an outside answer has an end",
        "service/outbound/client.py",
        "        if len(received) > max_bytes:",
        "        if False:",
        _ASKING,
    ),
    Breakage(
        "an outside answer comes in time or not at all",
        "service/outbound/client.py",
        "asyncio.timeout(rules.deadline_s)",
        "asyncio.timeout(60)",
        _ASKING,
    ),
    Breakage(
        "a private address inside a public one is seen",
        "service/outbound/addresses.py",
        "return [address.ipv4_mapped]",
        "return []",
        _ADDRESSES,
    ),
    Breakage(
        "plain http stays within our own networks",
        "service/outbound/target.py",
        'self.url.scheme == "http" or ',
        "",
        _ADDRESSES,
    ),
    Breakage(
        "a service that fails again and again is given a rest",
        "service/outbound/restraint.py",
        "        except NoAnswer:\n            self.breaker.failed()\n",
        "        except NoAnswer:\n            pass\n",
        "tests/outbound/test_restraint.py",
    ),
    Breakage(
        "a pattern is compiled when it is saved",
        "service/domain/patterns.py",
        "AfterValidator(require_usable)",
        "AfterValidator(str)",
        _PATTERNS,
    ),
    Breakage(
        "a pattern that would match every comment is refused",
        "service/domain/patterns.py",
        'if compiled.search("") is not None:',
        "if False:",
        _PATTERNS,
    ),
    Breakage(
        "a link leads where browsers say it leads",
        "service/web/safe_link.py",
        "    except InvalidWebAddress:\n        return None",
        "    except InvalidWebAddress:\n        return url",
        "tests/unit/web/test_safe_link.py",
    ),
)
