"""A web process as the web tests have it."""

from tests.web.conftest import _started, database, make_site, make_token, start_web

__all__ = ["_started", "database", "make_site", "make_token", "start_web"]
