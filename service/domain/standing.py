"""What moderators decided about an author as such."""

from typing import Literal

Standing = Literal["premoderated", "banned"]
"""premoderated: a person looks at everything first; banned: everything is rejected."""
