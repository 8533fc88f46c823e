"""A service of the newsroom's own, which looks at the signature first."""

import base64
import hashlib
import hmac
import time

from tests.equipment.hostile_service import Mode
from tests.equipment.protocols.speaking import Asked, Said, SpeakingService

SECRET = base64.b64encode(bytes(range(32))).decode()


class NewsroomService(SpeakingService):
    """Has no opinion but of `hateful` texts, which it rejects; refuses what is not signed, or long ago."""

    def __init__(self, mode: Mode = Mode.FINE, *, tls: bool = False, secret: str = SECRET) -> None:
        super().__init__(mode, tls=tls)
        self.secret = base64.b64decode(secret)

    def speak(self, asked: Asked) -> Said:
        if not self.is_signed(asked):
            return Said(b"{}", "401 Unauthorized")
        data = asked.json()["data"]
        assert isinstance(data, dict)
        if "hateful" in data["text"]:
            return Said.json({"outcome": "reject", "reason": "hate", "label": "house-rule-4"})
        return Said(b"", "204 No Content")

    def is_signed(self, asked: Asked) -> bool:
        message_id, at = asked.headers["webhook-id"], asked.headers["webhook-timestamp"]
        if abs(time.time() - int(at)) > 300:
            return False
        content = f"{message_id}.{at}.".encode() + asked.body
        mac = base64.b64encode(hmac.digest(self.secret, content, hashlib.sha256)).decode()
        given = asked.headers["webhook-signature"].split(" ")
        return any(hmac.compare_digest(one, f"v1,{mac}") for one in given)
