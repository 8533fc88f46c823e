"""A comment that was checked before, as it is handed between the database and whoever judges it again."""

from typing import NamedTuple


class PastRow(NamedTuple):
    """`findings` is the JSON of the latest check, `people` a person's last status, null without one."""

    id: str
    text: str
    author: str
    website: str | None
    honeypot_filled: bool
    seconds_to_fill: float | None
    user_agent: str | None
    policy_version: int
    status: str
    findings: str
    people: str | None
