"""A request body that cannot be read, in HTTP's own words."""


class BodyError(Exception):
    """Refuse the request with `status` (400, 408, 413 or 415).

    `code` names the fault for programs, `title` and `detail` are for people; none quotes the body. After
    408 and 413 the rest of the body is still on its way: answer with `Connection: close`.
    """

    def __init__(self, status: int, code: str, title: str, detail: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail


def malformed(detail: str) -> BodyError:
    """400: the bytes are not what their type says."""
    return BodyError(400, "malformed-body", "The request body cannot be read", detail)


def unsupported(detail: str) -> BodyError:
    """415: a type, charset or coding that this service does not read."""
    return BodyError(415, "unsupported-media-type", "Unsupported type of body", detail)
