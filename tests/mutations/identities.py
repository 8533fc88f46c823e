"""Guards of the sign-in through an OpenID provider: what a token must prove, and whom an identity lets in."""

# ruff: noqa: E501  (a statement is found by its whole line)

from tests.mutations.breakage import Breakage

_TALK = "service/outbound/oidc.py"
_DESK = "service/web/desk_oidc.py"
_STATE = "service/web/oidc_state.py"
_SESSIONS = "service/storage/sessions.py"
_LINKS = "service/cli/identity.py"
_TESTS = "tests/web/test_oidc_sign_in.py"
_WAY = "tests/web/test_oidc_on_the_way.py"
_SEALED = "tests/unit/web/test_oidc_state.py"
_LINKING = "tests/cli/test_identities.py"
_SETTINGS = "tests/unit/test_oidc_settings.py"

IDENTITIES = (
    Breakage("OIDC: a token answers this sign-in's nonce", _TALK, 'raise NotProven("nonce")', "pass", _TESTS),
    Breakage(
        "OIDC: a token is for us, by its azp",
        _TALK,
        "        ) != self.client.client_id:",
        "        ) is None:",
        _TESTS,
    ),
    Breakage(
        "OIDC: a token for several says that we asked for it",
        _TALK,
        '(isinstance(audience, list) and len(audience) > 1 and "azp" not in claims) or ',
        "",
        _TESTS,
    ),
    Breakage(
        "OIDC: a token is for us, by its audience",
        _TALK,
        'options={"require"',
        'options={"verify_aud": False, "require"',
        _TESTS,
    ),
    Breakage("OIDC: a token is of this issuer", _TALK, "issuer=self.client.issuer, leeway", "leeway", _TESTS),
    Breakage(
        "OIDC: a token ends",
        _TALK,
        'options={"require"',
        'options={"verify_exp": False, "require"',
        _TESTS,
    ),
    Breakage("OIDC: a token says when it ends", _TALK, '"exp", ', "", _TESTS),
    Breakage(
        "OIDC: clocks differ by a minute and no more", _TALK, "_LEEWAY_S = 60", "_LEEWAY_S = 7200", _TESTS
    ),
    Breakage(
        "OIDC: no token is of the future",
        _TALK,
        'options={"require"',
        'options={"verify_iat": False, "require"',
        _TESTS,
    ),
    Breakage(
        "OIDC: the provider signed the token",
        _TALK,
        'options={"require"',
        'options={"verify_signature": False, "verify_aud": True, "verify_exp": True, "verify_iss": True, '
        '"verify_iat": True, "require"',
        _TESTS,
    ),
    Breakage(
        "OIDC: we name the algorithm, not the token",
        _TALK,
        "algorithms=list(ALGORITHMS)",
        'algorithms=[jwt.get_unverified_header(token)["alg"]]',
        _TESTS,
    ),
    Breakage("OIDC: no other algorithm is named", _TALK, '"ES256", ', '"ES256", "ES384", ', _TESTS),
    Breakage("OIDC: EdDSA is taken", _TALK, ', "EdDSA")', ")", _TESTS),
    Breakage("OIDC: ES256 is taken", _TALK, '"ES256", ', "", _TESTS),
    Breakage("OIDC: an empty subject is nobody", _TALK, 'raise NotProven("sub")', "pass", _TESTS),
    Breakage(
        "OIDC: an unknown key proves nothing",
        _TALK,
        'raise NotProven("kid")',
        "pass",
        _TESTS,
    ),
    Breakage(
        "OIDC: an unknown key has the keys read again",
        _TALK,
        "if kid not in self._keys or time",
        "if not self._keys or time",
        _TESTS,
    ),
    Breakage(
        "OIDC: a key that was withdrawn is not trusted for long",
        _TALK,
        "time.monotonic() > self._keys_until",
        "self._keys_until == 0.0",
        _WAY,
    ),
    Breakage(
        "OIDC: keys are kept for ten minutes", _TALK, "_KEYS_LAST_S = 600.0", "_KEYS_LAST_S = 6000.0", _WAY
    ),
    Breakage(
        "OIDC: the challenge is the verifier's digest",
        _TALK,
        '"code_challenge": challenge_of(verifier)',
        '"code_challenge": verifier',
        _TESTS,
    ),
    Breakage(
        "OIDC: each sign-in has a verifier of its own",
        _STATE,
        "return cls(state, nonce, verifier, now_s + LASTS_S)",
        'return cls(state, nonce, "v" * len(verifier), now_s + LASTS_S)',
        _WAY,
    ),
    Breakage(
        "OIDC: each sign-in has a nonce of its own",
        _STATE,
        "return cls(state, nonce, verifier, now_s + LASTS_S)",
        'return cls(state, "n" * len(nonce), verifier, now_s + LASTS_S)',
        _WAY,
    ),
    Breakage(
        "OIDC: each sign-in has a state of its own",
        _STATE,
        "return cls(state, nonce, verifier, now_s + LASTS_S)",
        'return cls("s" * len(state), nonce, verifier, now_s + LASTS_S)',
        _WAY,
    ),
    Breakage(
        "OIDC: what a browser keeps on the way ends",
        _STATE,
        "return found if found.until_s > now_s else None",
        "return found",
        _SEALED,
    ),
    Breakage(
        "OIDC: what a browser keeps on the way prints as nothing",
        _STATE,
        '        return "SignInState()"',
        "        return repr((self.state, self.nonce, self.verifier))",
        _SEALED,
    ),
    Breakage(
        "OIDC: an answer is for the browser that asked",
        _DESK,
        'hmac.compare_digest(state.encode("utf-8", "replace"), kept.state.encode())',
        "len(state) >= 0",
        _TESTS,
    ),
    Breakage(
        "OIDC: an answer is of the provider that was asked",
        _DESK,
        "and issuer == provider.client.issuer",
        "and issuer",
        _TESTS,
    ),
    Breakage(
        "OIDC: what the browser kept is used once",
        _DESK,
        "    _forget(response, services)\n    give_cookie",
        "    give_cookie",
        _WAY,
    ),
    Breakage(
        "OIDC: what the browser keeps is out of reach of scripts",
        _DESK,
        'path="/", httponly=True, samesite="Lax",\n        secure=services.settings.is_https, max_age',
        'path="/", samesite="Lax",\n        secure=services.settings.is_https, max_age',
        _TESTS,
    ),
    Breakage(
        "OIDC: over TLS what the browser keeps goes over TLS alone",
        _DESK,
        "secure=services.settings.is_https, max_age=LASTS_S",
        "secure=False, max_age=LASTS_S",
        _WAY,
    ),
    Breakage(
        "OIDC: beginnings are counted",
        _DESK,
        "await count_sign_in(request, services, None)\n        url",
        "url",
        _WAY,
    ),
    Breakage(
        "OIDC: answers are counted",
        _DESK,
        "await count_sign_in(request, services, None)\n        subject",
        "subject",
        _WAY,
    ),
    Breakage(
        "OIDC: a sign-in ends the session that the browser had",
        _DESK,
        "    await end_session(request, services)\n",
        "",
        _WAY,
    ),
    Breakage(
        "OIDC: a refused code is a sign-in to begin again",
        _TALK,
        'raise NotProven("code") if is_about_code else Refused',
        "raise Refused",
        _TESTS,
    ),
    Breakage(
        "OIDC: wrong settings of ours are told from a refused code",
        _TALK,
        'raise NotProven("code") if is_about_code else Refused',
        'raise NotProven("code")',
        _TESTS,
    ),
    Breakage(
        "OIDC: the provider is the one that it says it is",
        _TALK,
        'or found.get("issuer") != issuer',
        "",
        _TESTS,
    ),
    Breakage(
        "OIDC: the provider's addresses are web addresses",
        _TALK,
        "urlsplit(one).scheme in schemes",
        "one",
        _TESTS,
    ),
    Breakage(
        "OIDC: a disabled person does not come in",
        _SESSIONS,
        "identity.subject = $3 AND moderator.disabled_at IS NULL",
        "identity.subject = $3",
        _TESTS,
    ),
    Breakage(
        "OIDC: whoever has no role does not come in",
        _SESSIONS,
        "          AND EXISTS (SELECT FROM moderator_access AS access WHERE access.moderator_id = moderator.id)\n"
        "        RETURNING",
        "        RETURNING",
        _TESTS,
    ),
    Breakage(
        "OIDC: a subject is that of its issuer",
        _SESSIONS,
        "WHERE identity.issuer = $2 AND identity.subject",
        "WHERE $2::text <> '' AND identity.subject",
        _WAY,
    ),
    Breakage(
        "OIDC: whom the provider knows and nobody linked does not come in",
        _SESSIONS,
        "AND identity.subject = $3 AND",
        "AND $3::text <> '' AND",
        _TESTS,
    ),
    Breakage(
        "OIDC: unlinking ends the session",
        _SESSIONS,
        "OR EXISTS (SELECT FROM moderator_identity AS kept WHERE kept.moderator_id = session.moderator_id))",
        "OR true)",
        _TESTS,
    ),
    Breakage(
        "OIDC: unlinking ends the session of who has a password besides",
        _LINKS,
        "        await passwords.end_sessions(connection, moderator_id)\n",
        "",
        _LINKING,
    ),
    Breakage(
        "OIDC: linking is on record",
        _LINKS,
        '        await _record(connection, moderator_id, "identity.linked", name)\n',
        "",
        _LINKING,
    ),
    Breakage(
        "OIDC: unlinking is on record",
        _LINKS,
        '        await _record(connection, moderator_id, "identity.unlinked", name)\n',
        "",
        _LINKING,
    ),
    Breakage(
        "OIDC: only who has a role is linked",
        _LINKS,
        "if not await passwords.has_access(connection, moderator_id):",
        "if False:",
        _LINKING,
    ),
    Breakage("OIDC: no address is a subject", _LINKS, ' or "@" in subject', "", _LINKING),
    Breakage(
        "OIDC: nobody is linked twice",
        "service/storage/identities.py",
        'return done == "INSERT 0 1"',
        "return bool(done)",
        _LINKING,
    ),
    Breakage(
        "OIDC: no process but the command line links anybody",
        "migrations/0038_link_identities.sql",
        "GRANT SELECT ON moderator_identity",
        "GRANT SELECT, INSERT ON moderator_identity",
        "tests/storage/test_rights.py",
    ),
    Breakage(
        "OIDC: nothing goes over a connection in clear",
        "service/oidc_settings.py",
        'is_safe = parts.scheme == "https" or',
        'is_safe = parts.scheme in {"http", "https"} or',
        _SETTINGS,
    ),
    Breakage(
        "OIDC: the log of a refused sign-in has nothing that opens",
        _DESK,
        "outcome=refusal.outcome, reason=why)",
        'outcome=refusal.outcome, reason=why + request.query.get("code", ""))',
        "tests/leaks/test_no_token_leaves.py",
    ),
    Breakage(
        "OIDC: why a token proves nothing is told without it",
        _TALK,
        "raise NotProven(type(error).__name__) from None",
        "raise NotProven(token) from None",
        "tests/leaks/test_no_token_leaves.py",
    ),
    Breakage(
        "OIDC: what a provider answers is repeated to nobody",
        _TALK,
        'raise NotProven("code") if is_about_code else Refused',
        "raise NotProven(str(answer)) if is_about_code else Refused",
        "tests/leaks/test_no_token_leaves.py",
    ),
)
