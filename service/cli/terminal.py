"""What readers wrote, made harmless for a terminal."""


def safe(text: str, width: int = 100) -> str:
    """One line of at most `width` characters; what does not print or turns the writing round is spelt out."""
    spelt = "".join(one if one.isprintable() else _spelt(one) for one in text[: width + 1])
    return spelt if len(spelt) <= width else spelt[: width - 1] + "…"


def _spelt(character: str) -> str:
    return "⏎" if character == "\n" else f"\\u{ord(character):04x}"
