"""Colours can be read by everyone: WCAG 2.2 contrast, light and dark."""

import re

import pytest

from service.web.rendering import STATIC

TEXT, EDGE = 4.5, 3.0  # WCAG 1.4.3 (AA, text) and 1.4.11 (what marks a control)

PAIRS = {
    "site.css": [
        ("ink", "paper", TEXT),
        ("muted", "paper", TEXT),
        ("accent", "paper", TEXT),
        ("fault", "paper", TEXT),
        ("ink", "raised", TEXT),
        ("ink", "sunken", TEXT),
        ("accent", "sunken", TEXT),
        ("on-accent", "accent", TEXT),
        ("ink", "fault-ground", TEXT),
        ("fault", "fault-ground", TEXT),
        ("edge", "paper", EDGE),
        ("focus", "paper", EDGE),
        ("fault", "raised", EDGE),
    ],
    "desk.css": [
        ("ink", "ground", TEXT),
        ("muted", "ground", TEXT),
        ("accent", "ground", TEXT),
        ("bad", "ground", TEXT),
        ("ink", "raised", TEXT),
        ("muted", "raised", TEXT),
        ("accent", "raised", TEXT),
        ("bad", "raised", TEXT),
        ("warm", "raised", TEXT),
        ("ink", "warm-ground", TEXT),
        ("mark-ink", "mark", TEXT),
        ("badge-ink", "badge", TEXT),
        ("on-solid", "good", TEXT),
        ("on-solid", "accent", TEXT),
        ("edge", "raised", EDGE),
        ("focus", "ground", EDGE),
        ("focus", "raised", EDGE),
    ],
    "docs.css": [
        ("ink", "ground", TEXT),
        ("muted", "ground", TEXT),
        ("accent", "ground", TEXT),
        ("get", "sunken", TEXT),
        ("write", "sunken", TEXT),
        ("delete", "sunken", TEXT),
        ("muted", "sunken", TEXT),
        ("focus", "ground", EDGE),
    ],
}


def colours(name: str, scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", (STATIC / name).read_text(encoding="utf-8"), re.DOTALL)
    if "light-dark(" in blocks[0]:
        pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", blocks[0])
        light, dark = ({one[0]: one[place] for one in pairs} for place in (1, 2))
    else:
        light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return light if scheme == "light" else light | dark


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAIRS)
def test_colours_contrast(name: str, scheme: str) -> None:
    found = colours(name, scheme)
    for front, back, least in PAIRS[name]:
        bright, dim = sorted((luminance(found[front]), luminance(found[back])), reverse=True)
        ratio = (bright + 0.05) / (dim + 0.05)
        assert ratio >= least, f"{front} on {back}: {ratio:.2f}"
