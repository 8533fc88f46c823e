"""A text as its reader will take it: folded, repaired, with what stands in it and how it was disguised."""

from dataclasses import dataclass
from functools import lru_cache

from service.domain.finding import Span
from service.moderation.look_alikes import spell_out
from service.moderation.text.disguises import Disguises, find_hidden
from service.moderation.text.draft import KEPT_OUT, Draft, Edit
from service.moderation.text.entities import KEPT_AS_THEY_ARE, Entity, as_entities, find_places
from service.moderation.text.leet import spell_out_leet
from service.moderation.text.masks import unify_masks
from service.moderation.text.place import Place
from service.moderation.text.spaced_out import join_letters
from service.moderation.text.stretched import shorten
from service.moderation.text_view import FoldedText, fold_text


@dataclass(frozen=True, slots=True)
class SeenText:
    """All views of one text.

    Attributes:
        original: the author's text.
        folded: case, width, accents and what cannot be seen are gone.
        meant: besides, disguised words are spelt out; masks stay as `*` inside of a word (f**k).
        entities: what stands in it besides words; ascending.
        disguises: what was repaired, and what was hidden.
    """

    original: str
    folded: FoldedText
    meant: FoldedText
    entities: tuple[Entity, ...]
    disguises: Disguises


@lru_cache(maxsize=64)
def see(text: str) -> SeenText:
    """Every view of a text; linear, and pure: the same text gives the same views.

    >>> see("Buy V.i.@.g.r.a at hxxp://pills[.]example").meant.text
    'buy viagra at hxxp://pills[.]example'
    """
    folded = fold_text(text)
    looks = spell_out(folded, text)
    places = find_places(folded, text, looks.text)
    draft = Draft(text, folded, _without(looks.text, places))
    repaired = {
        "mixed_script": tuple(folded.span(start, end) for start, end in looks.words),
        "spaced_out": _apply(draft, join_letters(draft)),
        "leet": _apply(draft, spell_out_leet(draft)),
        "stretched": _apply(draft, shorten(draft)),
        "masked": _apply(draft, unify_masks(draft)),
    }
    hidden = find_hidden(text)
    disguises = Disguises(hidden.zero_width, hidden.bidi, hidden.tag, **repaired)
    return SeenText(text, folded, draft.finish(), as_entities(places, folded), disguises)


def _apply(draft: Draft, edits: list[Edit]) -> tuple[Span, ...]:
    """Makes the edits and says where they were."""
    spans = tuple(draft.span(edit.start, edit.end) for edit in edits)
    draft.apply(edits)
    return spans


def _without(looks: str, places: list[Place]) -> str:
    """The text with a placeholder for each character of an entity that is kept as it is."""
    pieces: list[str] = []
    done = 0
    for place in places:
        if place.kind in KEPT_AS_THEY_ARE:
            pieces += (looks[done : place.start], KEPT_OUT * (place.end - place.start))
            done = place.end
    return "".join([*pieces, looks[done:]]) if pieces else looks
