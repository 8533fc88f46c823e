"""A text as its reader will take it: folded, repaired, with what stands in it and how it was disguised."""

from dataclasses import dataclass
from functools import lru_cache

from service.domain.finding import Span
from service.moderation.text.disguises import Disguises, find_hidden
from service.moderation.text.draft import Draft, Edit
from service.moderation.text.entities import KEPT_AS_THEY_ARE, Entity, as_entities, find_places
from service.moderation.text.leet import spell_out_leet
from service.moderation.text.masks import unify_masks
from service.moderation.text.mixed_script import spell_in_one_script
from service.moderation.text.place import Place
from service.moderation.text.spaced_out import join_letters, join_pieces
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


@lru_cache(maxsize=16)
def see(text: str) -> SeenText:
    """Every view of a text; linear, and pure: the same text gives the same views.

    >>> see("Buy V.i.@.g.r.a at hxxp://pills[.]example").meant.text
    'buy viagra at hxxp://pills[.]example'
    """
    folded = fold_text(text)
    draft = Draft(text, folded)
    mixed = _apply(draft, spell_in_one_script(draft))
    places = find_places(folded, text, draft.text)
    draft.keep_out((place.start, place.end) for place in places if place.kind in KEPT_AS_THEY_ARE)
    repaired = {
        "mixed_script": mixed,
        "spaced_out": _apply(draft, join_letters(draft)) + _apply(draft, join_pieces(draft)),
        "leet": _apply(draft, spell_out_leet(draft)),
        "stretched": _apply(draft, shorten(draft)),
        "masked": _apply(draft, unify_masks(draft)),
    }
    draft.apply(_followed(place, draft) for place in places if place.kind == "hidden_url")
    hidden = find_hidden(text)
    in_order = {kind: tuple(sorted(spans, key=_start)) for kind, spans in repaired.items()}
    disguises = Disguises(hidden.zero_width, hidden.bidi, hidden.tag, **in_order)
    return SeenText(text, folded, draft.finish(), as_entities(places, folded), disguises)


def _apply(draft: Draft, edits: list[Edit]) -> tuple[Span, ...]:
    """Makes the edits and says where they were."""
    spans = tuple(draft.span(edit.start, edit.end) for edit in edits)
    draft.apply(edits)
    return spans


def _start(span: Span) -> int:
    return span.start


def _followed(place: Place, draft: Draft) -> Edit:
    """A hidden URL as it would be followed; its letters come from about where they stand."""
    start, end = draft.at(place.start), draft.at(place.end - 1) + 1
    value = place.value[: end - start]
    return Edit(start, end, value, [at * (end - start) // len(value) for at in range(len(value))])
