"""What moderators decided about an author as such."""

from typing import Literal

Restriction = Literal["premoderated", "banned"]
"""premoderated: a person looks at everything first; banned: everything is rejected."""

Standing = Literal["premoderated", "banned", "trusted"]
"""trusted: review holds only for cause what comes with a confirmed address."""
