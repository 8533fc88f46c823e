"""What Schemathesis checks of every answer besides its own checks; it loads this file by itself."""

import re

import schemathesis

ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(\.[\w-]+)+")
REFERENCE = ("/openapi.json", "/docs", "/problems/{code}")
"""Their examples show what an address looks like."""


OUR_OWN = b"name@example.org"
"""How the fault of an address says what one looks like."""


@schemathesis.check
def no_address_comes_back(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """No answer holds an address, but the form that is handed back to the one who typed it."""
    content_type = "".join(response.headers.get("content-type", []))
    is_own_form = case.method == "POST" and content_type.startswith("text/html")
    if case.path in REFERENCE or is_own_form:
        return
    found = ADDRESS.search(response.content.replace(OUR_OWN, b""))
    assert found is None, "an address came back"
    assert not any(ADDRESS.search(value.encode()) for values in response.headers.values() for value in values)
