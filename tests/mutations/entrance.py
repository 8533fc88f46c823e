"""Breakages of the way in: who gets to the desk, and to whose comments."""

from tests.mutations.breakage import Breakage

_SIGN_IN = "tests/web/test_password_sign_in.py"
_SESSIONS = "tests/web/test_desk_sessions.py"
_FORMS = "tests/web/test_foreign_forms.py"
_MATRIX = "tests/web/test_access_matrix.py"
_HEADERS = "tests/web/test_desk_headers.py"

ENTRANCE = (
    Breakage(
        "a form of a session says that it comes from here",
        "service/web/desk_forms.py",
        "    return unless_said\n",
        "    return True\n",
        _FORMS,
    ),
    Breakage(
        "Sec-Fetch-Site is same-origin and nothing near it",
        "service/web/desk_forms.py",
        'return sites == ["same-origin"]',
        'return sites[0] in {"same-origin", "same-site", "none"}',
        _FORMS,
    ),
    Breakage(
        "an Origin is compared as a whole",
        "service/web/desk_forms.py",
        "origins[0] in _own_origins(request, services)",
        "any(origins[0].startswith(own) for own in _own_origins(request, services))",
        _FORMS,
    ),
    Breakage(
        "a form carries the token of its session",
        "service/web/desk_forms.py",
        'if not is_csrf_token(services, session.secret, form.get("csrf", "")):',
        'if not is_csrf_token(services, session.secret, form.get("csrf", "")) and not form:',
        _FORMS,
    ),
    Breakage(
        "an unknown name is as much work as a known one",
        "service/web/password_checker.py",
        "fits = self.hashes.fits(kept or _hash_of_nobody(self.hashes), password)",
        "fits = kept is not None and self.hashes.fits(kept, password)",
        _SIGN_IN,
    ),
    Breakage(
        "passwords are compared a few at once and no more wait",
        "service/web/password_checker.py",
        "return self._under_way >= AT_ONCE + WAITING",
        "return self._under_way > 10 * (AT_ONCE + WAITING)",
        _SIGN_IN,
    ),
    Breakage(
        "who gives up waiting frees no thread",
        "service/web/password_checker.py",
        "return await asyncio.shield(work)",
        "return await work",
        _SIGN_IN,
    ),
    Breakage(
        "tries are counted by network, so that a stranger locks nobody out",
        "service/web/sign_in_limits.py",
        'wanted[f"sign-in:{network}:{_digest(services, name)}"] = limit',
        'wanted[f"sign-in:{_digest(services, name)}"] = limit',
        _SIGN_IN,
    ),
    Breakage(
        "tries are counted by name too",
        "service/web/sign_in_limits.py",
        "    if name is not None:\n",
        "    if name is None:\n        name = str()\n",
        _SIGN_IN,
    ),
    Breakage(
        "a disabled person has no password",
        "service/storage/passwords.py",
        "WHERE moderator.name = $1 AND moderator.disabled_at IS NULL",
        "WHERE moderator.name = $1",
        _SESSIONS + " " + _SIGN_IN,
    ),
    Breakage(
        "a sign-in that began before a change of the password opens nothing",
        "service/storage/sessions.py",
        "AND password.hash = $3 AND moderator.disabled_at IS NULL",
        "AND $3 <> '' AND moderator.disabled_at IS NULL",
        _SESSIONS,
    ),
    Breakage(
        "a session that is not used ends",
        "service/storage/sessions.py",
        "session.last_used_at > clock_timestamp() - $2::interval\n  AND moderator",
        "$2::interval IS NOT NULL\n  AND moderator",
        _SESSIONS,
    ),
    Breakage(
        "a session ends with its token",
        "service/storage/sessions.py",
        "AND token.revoked_at IS NULL AND",
        "AND",
        _SESSIONS,
    ),
    Breakage(
        "a disabled person's session is over",
        "service/storage/sessions.py",
        "  AND moderator.disabled_at IS NULL\n",
        "",
        _SESSIONS,
    ),
    Breakage(
        "a role counts at its own site",
        "service/web/auth.py",
        'if reaches(self.role_at(one), "moderator")}',
        'if reaches(self.holder.role, "moderator")}',
        _SESSIONS,
    ),
    Breakage(
        "a sign-in ends the session that the browser had",
        "service/web/desk_sign_in.py",
        "    await end_session(request, services)  # the one that this browser had before\n",
        "",
        _SESSIONS,
    ),
    Breakage(
        "a new password ends every session of its person",
        "service/storage/passwords.py",
        "        new_hash,\n    )\n    await end_sessions(connection, moderator_id)",
        "        new_hash,\n    )",
        _SESSIONS,
    ),
    Breakage(
        "a disabled person's token opens nothing",
        "service/storage/moderators.py",
        " AND moderator.disabled_at IS NULL\n",
        "\n",
        _SESSIONS + " " + _MATRIX,
    ),
    Breakage(
        "a revoked token opens nothing",
        "service/storage/moderators.py",
        " AND token.revoked_at IS NULL AND (token",
        " AND (token",
        _MATRIX,
    ),
    Breakage(
        "a role is high enough or refused",
        "service/domain/rights.py",
        "ROLES.index(role) >= ROLES.index(wanted)",
        "ROLES.index(role) >= ROLES.index(wanted) - 1",
        _MATRIX,
    ),
    Breakage(
        "the API knows the scheme Bearer alone",
        "service/web/auth.py",
        'if scheme.lower() != "bearer" or not secret.strip():',
        "if not secret.strip():",
        _MATRIX,
    ),
    Breakage(
        "a site that is not the caller's is like one that does not exist",
        "service/web/auth.py",
        "return [site.id for site in self.sites.values() if slug is None or site.slug == slug]",
        "return [site.id for site in self.sites.values() if slug in (None, site.slug)] or list(self.sites)",
        _MATRIX,
    ),
    Breakage(
        "every answer of the dashboard is guarded, errors too",
        "service/web/middleware.py",
        "        response.headers.update(_OF_DESK)\n",
        "        response.headers.update(_OF_DESK if response.status == 200 else {})\n",
        _HEADERS,
    ),
    Breakage(
        "over TLS browsers are told to stay there",
        "service/web/middleware.py",
        "    if services_of(request).settings.is_https:\n",
        "    if services_of(request).draining:\n",
        _HEADERS,
    ),
    Breakage(
        "the cookie is out of reach of scripts",
        "service/web/desk_session.py",
        '        httponly=True,\n        samesite="Strict",\n        max_age',
        '        samesite="Strict",\n        max_age',
        _SESSIONS,
    ),
    Breakage(
        "a password has twelve characters",
        "service/passwords.py",
        "MIN_LENGTH = 12",
        "MIN_LENGTH = 11",
        "tests/unit/test_passwords.py",
    ),
)
