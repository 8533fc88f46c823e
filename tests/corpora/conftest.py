"""The web process of the web tests, for rows of the corpora."""

from tests.web.conftest import (  # noqa: F401
    _started,
    check_all,
    client,
    database,
    make_site,
    make_token,
    start_web,
    submit,
    web_app,
)
