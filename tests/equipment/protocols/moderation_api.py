"""An OpenAI-compatible moderation API: `hateful` in the text is hate, everything else is nothing."""

from tests.equipment.protocols.speaking import Asked, Said, SpeakingService

KEY = "sk-moderation-of-this-test"
CATEGORIES = ("harassment", "hate", "hate/threatening", "illicit", "self-harm", "sexual", "violence")


def result_of(**scores: float) -> dict[str, object]:
    """A result as the API words it: flagged from a half on; `_` in a name stands for `/` or `-`."""
    found = dict.fromkeys(CATEGORIES, 0.001) | {
        name.replace("__", "/"): score for name, score in scores.items()
    }
    flags = {name: score >= 0.5 for name, score in found.items()}
    return {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": found,
        "category_applied_input_types": {name: ["text"] for name in found},
    }


def answer_of(*results: dict[str, object]) -> dict[str, object]:
    """The whole answer."""
    return {"id": "modr-1", "model": "omni-moderation-latest", "results": list(results)}


class ModerationService(SpeakingService):
    """Wants its key, a model and a text."""

    def speak(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return Said.json({"error": {"message": "no key"}}, "401 Unauthorized")
        document = asked.json()
        assert asked.path == "/moderations"
        assert set(document) == {"model", "input"}
        is_hate = "hateful" in str(document["input"])
        return Said.json(answer_of(result_of(hate=0.93 if is_hate else 0.01)))
