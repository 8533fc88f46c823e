"""What a name looks like: the same for all names that a reader would take for each other."""

import re

from service.moderation.look_alikes import skeleton, unmask
from service.moderation.text_view import fold_text

_APART = re.compile(r"[\W_]+")
LONGEST = 100  # characters, as many as a name may have


def name_skeleton(name: str) -> str:
    """The letters and digits of a name as they look, in words; empty where it has none.

    It is stored with the comment, so it must not change without need: whoever changes what this answers
    makes the site's regulars unknown until they have published again.

    >>> name_skeleton("Mаrа  Quіst!") == name_skeleton("mara quist")
    True
    """
    folded = fold_text(name)
    return _APART.sub(" ", skeleton(folded, name)).strip()[:LONGEST]


def is_disguised(name: str) -> bool:
    """Whether the name is drawn with letters that only look like those of its skeleton.

    Numbers at the end of a name are numbers (Anna 55); Кирилл is spelt in its own script.
    """
    return bool(unmask(fold_text(name), name).words)
