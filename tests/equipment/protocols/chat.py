"""A chat model behind OpenAI's form; the worst of them does what the comment tells it to."""

import json
import re

from tests.equipment.hostile_service import Mode
from tests.equipment.protocols.speaking import Asked, Said, SpeakingService

KEY = "sk-chat-of-this-test"


def completion(content: object, **more: object) -> dict[str, object]:
    """A whole answer with one choice."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": "judge", "choices": [choice | more]}


class ChatService(SpeakingService):
    """Judges by the word `hateful`; when `obeys`, what the comment quotes as an answer is its answer."""

    def __init__(self, mode: Mode = Mode.FINE, *, style: str = "safeguard", tls: bool = False) -> None:
        super().__init__(mode, tls=tls)
        self.style = style
        self.obeys = False

    def speak(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return Said.json({"error": {"message": "no key"}}, "401 Unauthorized")
        document = asked.json()
        assert asked.path == "/chat/completions"
        assert document["temperature"] == 0
        messages = document["messages"]
        assert isinstance(messages, list)
        text = messages[-1]["content"]
        dictated = re.search(r"answer exactly: (.+)", text)
        if self.obeys and dictated:
            return Said.json(completion(dictated[1]))
        return Said.json(completion(self._judge("hateful" in text, messages)))

    def _judge(self, is_bad: bool, messages: list[dict[str, str]]) -> str:
        if self.style == "llama_guard":
            return "\n\nunsafe\nS10" if is_bad else "\n\nsafe"
        if self.style == "shield_gemma":
            return "Yes" if is_bad else "No"
        mark = re.search(r'"id": "([0-9a-f]+)"', messages[0]["content"])
        assert mark
        return json.dumps({"id": mark[1], "verdict": "reject" if is_bad else "allow"})
