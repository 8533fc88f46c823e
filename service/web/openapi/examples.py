"""What the examples of the reference are made of: one comment on its way."""

from typing import Any

Json = dict[str, Any]

SITE = "demo"
PAGE_URL = "https://paper.example/ferry"
PAGE_TITLE = "A summer of ferry quarrels"
COMMENT_ID = "019cad01-8f3e-7c4a-b1d2-5e6f70819203"
PARENT_ID = "019cad00-1b2c-7d3e-8f40-516273849506"
SUBMITTED_AT = "2026-03-02T09:30:00.123456+00:00"
TEXT = "The ferry was late again."

SUBMISSION: Json = {
    "page_url": PAGE_URL,
    "page_title": PAGE_TITLE,
    "parent_id": PARENT_ID,
    "author": "Mina",
    "email": "mina@reader.example",
    "comment": TEXT,
}
RECEIPT = "AQAAAAEBnK0Bjz58SrHSXm9wgZIDxh2mJ0pQeYt3vN6cWb8Rkw"

PUBLISHED: Json = {
    "id": COMMENT_ID,
    "parent_id": PARENT_ID,
    "author": "Mina",
    "website": None,
    "text": TEXT,
    "html": f"<p>{TEXT}</p>",
    "published_at": "2026-03-02T09:30:01.456789+00:00",
    "edited_at": None,
    "staff": False,
    "picked": False,
}
THREAD: Json = {
    "page": {"url": PAGE_URL, "title": PAGE_TITLE, "open": True, "count": 1},
    "comments": [{"id": PARENT_ID, "parent_id": None, "removed": True}, PUBLISHED],
    "next_cursor": None,
}

FINDING: Json = {
    "check": "links",
    "version": 1,
    "outcome": "hold",
    "reason": "links",
    "score": None,
    "detail": "3 links, at most 2 are expected",
    "spans": [[4, 9]],
    "rule": "max_links",
}
HELD: Json = {
    "id": COMMENT_ID,
    "site": SITE,
    "page_url": PAGE_URL,
    "page_title": PAGE_TITLE,
    "parent_id": PARENT_ID,
    "status": "held",
    "version": 2,
    "reason": "links",
    "author": "Mina",
    "website": None,
    "text": TEXT,
    "submitted_at": SUBMITTED_AT,
    "findings": [FINDING],
    "risk": 0.5,
    "language": "en",
    "author_key": "q3Vb0nX2kLmZ",
    "author_history": {"published": 4, "held": 0, "rejected": 1, "spam": 0},
    "claimed_by": None,
    "claimed_until": None,
    "undo_until": None,
    "edited_at": None,
    "proposed": None,
    "staff": None,
    "reports": {"count": 0, "weight": 0.0, "reasons": {}, "texts": [], "settled": 0, "notices": 0},
    "revises": None,
    "picked": False,
}
APPROVED: Json = HELD | {
    "status": "published",
    "version": 3,
    "reason": None,
    "undo_until": "2026-03-02T09:45:00+00:00",
}
PAST_DECISION: Json = {
    "at": "2026-03-02T09:30:01.456789+00:00",
    "by": "checks",
    "source": "checks",
    "action": "hold",
    "from_status": "pending",
    "status": "held",
    "version": 2,
    "reason": "links",
    "note": None,
    "policy_version": 1,
    "decided_by": "links",
    "rule": "max_links",
    "findings": [FINDING],
    "text_before": None,
}
EXPLAINED: Json = HELD | {
    "explanation": {
        "at": "2026-03-02T09:30:01.456789+00:00",
        "status": "held",
        "policy_version": 1,
        "decided_by": "links",
        "rule": "max_links",
        "line": "max_links: 2",
    },
    "history": [PAST_DECISION],
}

FORM = {
    "author_required": True,
    "email_required": True,
    "comment_limit": 5000,
    "mail": True,
    "house_rules_url": "https://paper.example/rules",
    "privacy_url": None,
}

EMBED = {
    "src": "https://talk.example/embed.0123456789abcdef.js",
    "integrity": "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
}
