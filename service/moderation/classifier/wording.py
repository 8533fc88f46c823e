"""What each mark is called when a moderator asks why."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for people, and where to point: at words of a meaning, at entities, or at disguises.

    `is_pair`: they tell of a meaning in the company of another one.
    """

    words: str
    meaning: str = ""
    entity: str = ""
    disguise: str = ""
    is_pair: bool = False


_MEANINGS = {
    "abuse.you": "addresses somebody directly",
    "abuse.they": "speaks of a group of people",
    "abuse.mind": "calls somebody stupid or mad",
    "abuse.character": "runs down somebody's character",
    "abuse.profanity": "swears",
    "abuse.slur_race": "a slur against a people",
    "abuse.slur_sex": "a slur against women or a sexuality",
    "abuse.slur_ability": "a slur against the disabled",
    "abuse.politics": "a political label",
    "abuse.threat": "words of violence",
    "abuse.dismiss": "tells somebody off",
    "abuse.dehumanise": "likens people to animals or filth",
    "abuse.sexual": "sexual words",
    "abuse.identity": "names a group of people",
    "abuse.hate": "speaks of hate or disgust",
    "abuse.polite": "polite words",
    "abuse.negation": "a denial",
    "abuse.ask": "a question",
    "abuse.report": "reports what others said",
    "spam.subscribe": "asks for followers or likes",
    "spam.visit": "asks to visit or watch something",
    "spam.money": "speaks of money or earnings",
    "spam.crypto": "speaks of crypto currency",
    "spam.gambling": "speaks of gambling",
    "spam.pharma": "speaks of remedies or spells",
    "spam.goods": "offers goods or services",
    "spam.prize": "promises something free or won",
    "spam.contact": "asks to be contacted",
    "spam.adult": "speaks of sex or dating",
    "spam.praise": "empty praise of the page",
    "spam.self": "speaks of the writer",
    "spam.topic": "speaks of the matter",
}

_ENTITIES = {
    "link": "a web address",
    "url": "a web address with all its parts",
    "hidden_url": "a disguised web address",
    "domain": "a bare domain",
    "ip": "a network address",
    "email": "a mail address",
    "phone": "a phone number",
    "handle": "an account name",
    "money": "an amount of money",
    "contact_phrase": "asks to be contacted",
}

_DISGUISES = {
    "zero_width": "invisible characters",
    "bidi": "characters that turn the direction of writing",
    "tag": "invisible characters",
    "mixed_script": "letters of another script within words",
    "leet": "digits or signs in place of letters",
    "spaced_out": "letters spaced apart",
    "stretched": "drawn-out letters",
    "masked": "masked words",
    "spelt_otherwise": "a rude word spelt otherwise",
}

_KINDS = {
    "capitals": "much of it is in capitals",
    "capital_words": "words in capitals",
    "exclamations": "exclamation marks",
    "questions": "question marks",
    "digits": "much of it is digits",
    "number": "a long number",
    "pictograms": "pictograms",
    "signs": "much of it is signs",
    "linked": "much of it is web addresses",
}
"""Marks with a step; what is absent is no reason for people, so a step counts from where a reader notices."""

_NOTICED_FROM = {
    "capitals": 3,
    "capital_words": 1,
    "exclamations": 1,
    "questions": 1,
    "digits": 2,
    "number": 4,
}


@lru_cache(maxsize=8_192)
def wording_of(mark: str) -> Wording | None:
    """The words for a mark, None for one that nobody could point at: a length, or that something is absent.

    A pair of meanings goes by its second one, in the first one's company.
    """
    kind, _, rest = mark.partition(":")
    if kind == "close":
        first, _, second = rest.partition(">")
        return Wording(f"{_MEANINGS[second]}, beside: {_MEANINGS[first]}", meaning=second, is_pair=True)
    name = rest.partition(":")[0]
    if kind in {"meaning", "share"}:
        return Wording(_MEANINGS[name], meaning=name)
    if kind == "entity":
        return Wording(_ENTITIES[name], entity=name) if name in _ENTITIES else None
    if kind == "disguise":
        return Wording(_DISGUISES[name], disguise=name)
    noticed = kind in _KINDS and int(name) >= _NOTICED_FROM.get(kind, 1)
    return Wording(_KINDS[kind]) if noticed else None
