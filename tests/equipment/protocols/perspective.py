"""A server that speaks as Perspective does: `hateful` in the text is toxic."""

from tests.equipment.protocols.speaking import Asked, Said, SpeakingService

KEY = "perspective-key-of-this-test"


def scored(**scores: object) -> dict[str, object]:
    """A whole answer."""
    attributes = {
        name: {"summaryScore": {"value": score, "type": "PROBABILITY"}} for name, score in scores.items()
    }
    return {"attributeScores": attributes, "languages": ["en"], "detectedLanguages": ["en"]}


class PerspectiveService(SpeakingService):
    """Wants its key in the query, and that nothing is stored."""

    def speak(self, asked: Asked) -> Said:
        assert asked.path == "/v1alpha1/comments:analyze"
        if asked.query != {"key": KEY}:
            return Said.json({"error": {"code": 403}}, "403 Forbidden")
        document = asked.json()
        assert document["doNotStore"] is True
        comment, wanted = document["comment"], document["requestedAttributes"]
        assert isinstance(comment, dict)
        assert isinstance(wanted, dict)
        value = 0.93 if "hateful" in comment["text"] else 0.02
        return Said.json(scored(**dict.fromkeys(wanted, value)))
