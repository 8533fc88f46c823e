"""Secrets of the home: drawn once, kept in files that only their owner can read."""

import base64
import os
import secrets
from pathlib import Path

from service.embedded.console import StartError

KEY_FILES = {
    "REPLYDESK_EMAIL_KEYS": "email-keys",
    "REPLYDESK_INDEX_KEYS": "index-keys",
    "REPLYDESK_SIGNING_KEYS": "signing-keys",
}

SHARED_KEY_FILES = {"REPLYDESK_SUBMITTED_KEYS": "submitted-keys"}
"""What web and worker share; it opens what is kept for two weeks: it may be drawn anew at any time."""

SERVICE_SECRETS = tuple(
    f"REPLYDESK_{name}"
    for name in (
        "AKISMET_KEY",
        "OPENAI_MODERATION_KEY",
        "CHAT_POLICY_KEY",
        "PERSPECTIVE_KEY",
        "WEBHOOK_SECRETS",
        "SMTP_PASSWORD",
    )
)
"""By which services outside know us: the worker alone asks them."""


def make_keys(folder: Path, *, data_exist: bool) -> dict[str, Path]:
    """The key files by the name of their setting, drawn where they are missing.

    Raises:
        StartError: a key is gone while data exist that only it can open.
    """
    paths = {setting: folder / name for setting, name in KEY_FILES.items()}
    missing = [path for path in paths.values() if not path.exists()]
    if missing and data_exist:
        raise StartError(f"{missing[0]} is gone, and the data need it: bring it back, or run `make clean`")
    paths |= {setting: folder / name for setting, name in SHARED_KEY_FILES.items()}
    for path in paths.values():
        if not path.exists():
            keep(path, f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}")
    return paths


def password(path: Path) -> str:
    """The password in that file, drawn where there is none; letters and digits alone."""
    if not path.exists():
        keep(path, secrets.token_hex(24))
    return path.read_text(encoding="ascii").strip()


def keep(path: Path, text: str) -> None:
    """Write a file of mode 600, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:  # noqa: PTH123  (a descriptor)
        file.write(text + "\n")
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
