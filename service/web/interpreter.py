"""What the web process asks of the Python that runs it."""

import sys

from aiohttp import http_parser


def interpreter_faults() -> list[str]:
    """Why this interpreter must not serve, one line each.

    Without its C parser aiohttp accepts more than HTTP allows, and slower. Under `-O` the assertions that end
    a loop of its multipart reader are gone (CVE-2025-69227).
    """
    faults = []
    if sys.flags.optimize:
        faults.append("Python runs with -O or PYTHONOPTIMIZE: unset it, libraries rely on their assertions")
    if http_parser.HttpRequestParser is http_parser.HttpRequestParserPy:
        faults.append("aiohttp runs without its C parser: unset AIOHTTP_NO_EXTENSIONS, or install its wheel")
    return faults
