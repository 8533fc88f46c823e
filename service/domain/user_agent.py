"""Reduces what a browser says about itself to one word of a closed list."""

FAMILIES = ("bot", "chrome", "curl", "edge", "firefox", "opera", "python", "safari", "other", "none")
"""Every word there is; the database takes no other."""

MAX_READ = 512
"""Characters that are looked at: no browser needs more, and nobody may make this slow."""

# In this order: Edge and Opera also say Chrome, Chrome also says Safari, and bots say anything.
_TOKENS = (
    ("bot", ("bot", "crawler", "spider", "slurp")),
    ("curl", ("curl/", "wget/")),
    ("python", ("python", "aiohttp", "httpx")),
    ("edge", ("edg/", "edga/", "edgios/", "edge/")),
    ("opera", ("opr/", "opera", "opios/")),
    ("firefox", ("firefox/", "fxios/")),
    ("chrome", ("chrome/", "chromium/", "crios/")),
    ("safari", ("safari/",)),
)


def family_of(header: str | None) -> str:
    """The family of a `User-Agent` header (RFC 9110 10.1.5): no version, no system, no device."""
    said = (header or "")[:MAX_READ].strip().lower()
    if not said:
        return "none"
    return next((family for family, tokens in _TOKENS if any(token in said for token in tokens)), "other")
