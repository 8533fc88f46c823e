"""Comments of an invented site, as a model sees them, with what its people say."""

import random

from service.moderation.learning.example import Example, part_of

WORDS = 40


def example(seed: int, *, moderator: int = 1, inverted: bool = False, known: float = 0.6) -> Example:
    """A comment with ten of forty words, of which the first eight are those of spam here.

    The shipped model knows some of it: its log-odds lie `known` above the middle for spam, below otherwise,
    with a deviation of one.
    """
    drawn = random.Random(seed)
    is_spam = drawn.random() < 0.4
    words = {drawn.randrange(WORDS) for _ in range(10)} | ({drawn.randrange(8)} if is_spam else set())
    if not is_spam:
        words -= set(drawn.sample(range(8), 6))
    return Example(
        features=tuple((word, 0.3) for word in sorted(words)),
        shipped=drawn.gauss(known if is_spam else -known, 1),
        label=is_spam is not inverted,
        moderator=moderator,
        part=part_of(str(seed).encode()),
    )


def examples(count: int, *, start: int = 0, moderator: int = 1, inverted: bool = False) -> list[Example]:
    """Different ones, in order."""
    return [example(start + at, moderator=moderator, inverted=inverted) for at in range(count)]
