"""A browser at the pages of the dashboard about a site: their forms as they stand, filled in and sent."""

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from tests.web.browsing import send
from tests.web.sending import Answer, Page, get, page_of

Fields = dict[str, str]


@dataclass
class SitePages:
    """One browser that has signed in."""

    client: ClientSession
    site: str = "paper"

    async def get(self, path: str, **params: str) -> Page:
        """A page, which must be there."""
        answer = await get(self.client, path, {"site": self.site} | params)
        assert answer.status == 200, answer.text[:500]
        return page_of(answer)

    async def submit(
        self, path: str, action: str, *, of: str = "", about: Fields | None = None, **typed: Any
    ) -> Answer:
        """The form of that action, with what is typed put into its fields; a field of None is not sent."""
        page = await self.get(path, **(about or {}))
        [form] = [one for one in forms_of(page) if one.get("action") == action and one.get("id", "") == of]
        fields = {name: value for name, value in (form | typed).items() if value is not None}
        return await send(self.client, path + "/change", fields)

    async def change(self, path: str, action: str, **typed: Any) -> Page:
        """The same, which must be carried out; the page afterwards."""
        answer = await self.submit(path, action, **typed)
        if answer.status == 200:
            return page_of(answer)
        assert answer.status == 303, notice_of(page_of(answer))
        assert answer.headers["Location"].startswith(path + "?")
        return page_of(await get(self.client, answer.headers["Location"]))


def forms_of(page: Page) -> list[Fields]:
    """The fields of each form as a browser would send them."""
    return [_fields(form) for form in page.all("form") if form.get("method") == "post"]


def notice_of(page: Page) -> str:
    """What the page says of the last change."""
    said = [one for one in page.root.iter() if one.get("role") in {"status", "alert"}]
    return " ".join(" ".join(" ".join(one.itertext()).split()) for one in said)


def _fields(form: Any) -> Fields:
    found: Fields = {}
    for node in form.iter():
        name = node.get("name")
        if not name:
            continue
        if node.tag == "input" and (node.get("type") != "checkbox" or "checked" in node.attrib):
            found[name] = node.get("value", "on" if node.get("type") == "checkbox" else "")
        elif node.tag == "textarea":
            found[name] = (node.text or "").strip()
        elif node.tag == "select":
            options = list(node.iter("option"))
            chosen = [one for one in options if "selected" in one.attrib] or options[:1]
            found[name] = chosen[0].get("value", "") if chosen else ""
    return found
