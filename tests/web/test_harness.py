"""The ground the web tests stand on: a comment goes all the way through one process."""

from aiohttp import ClientSession

from tests.web.harness import PAGE, CheckAll, MakeSite, MakeToken, Submit, WebProcess


async def test_a_clean_comment_is_published_once_it_is_checked(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll
) -> None:
    await make_site(publish="auto")
    accepted = await submit()
    assert await check_all() == 1
    async with client.get("/api/v1/sites/paper/comments", params={"page_url": PAGE}) as response:
        assert [entry["id"] for entry in (await response.json())["comments"]] == [accepted["id"]]


async def test_a_site_made_while_the_process_runs_is_known_at_once(
    web_app: WebProcess, make_site: MakeSite, submit: Submit
) -> None:
    await make_site("first")
    await submit("first")
    await make_site("second")
    accepted = await submit("second")
    assert accepted["receipt_url"].startswith(web_app.url + "/receipts/")


async def test_a_token_reaches_its_sites(
    client: ClientSession, make_site: MakeSite, make_token: MakeToken
) -> None:
    await make_site("here")
    await make_site("there")
    headers = {"Authorization": "Bearer " + await make_token("viewer", ("here",))}
    async with client.get("/api/v1/moderation/summary", headers=headers) as response:
        assert [one["site"] for one in (await response.json())["sites"]] == ["here"]
