"""Taking over a list of WordPress from the command line."""

import json
from pathlib import Path

from tests.cli.conftest import Invoke

LIST = "cialis\ncasino.com\n192.0.2.7\nme@casino.com\n\nCIALIS\n"


def test_without_saving_it_only_says_what_it_would_do(invoke: Invoke, paper: str, tmp_path: Path) -> None:
    file = tmp_path / "disallowed.txt"
    file.write_text(LIST)
    said = invoke("policy", "import-wordpress", paper, str(file), "--as", "disallowed_keys").output
    assert (
        "1 taken over, found as whole words\n\tcialis: inside commercialism, racialism, socialism\n" in said
    )
    assert "1 left out: networks are not kept" in said
    assert "\t192.0.2.7\n" in said
    assert "1 of those taken over hit innocent words in WordPress, and no longer do" in said
    assert said.endswith("nothing was changed; --save does it\n")
    assert json.loads(invoke("policy", "get", paper).output)["word_lists"] == []


def test_saved_it_is_a_version_of_the_policy(invoke: Invoke, paper: str, tmp_path: Path) -> None:
    file = tmp_path / "disallowed.txt"
    file.write_text(LIST)
    for _ in range(2):
        said = invoke(
            "policy", "import-wordpress", paper, str(file), "--as", "disallowed_keys", "--save"
        ).output
        assert said.endswith(f"version 2 of the policy of {paper}\n")
    policy = json.loads(invoke("policy", "get", paper).output)
    assert [(each["action"], each["words"]) for each in policy["word_lists"]] == [("reject", ["cialis"])]
    assert policy["blocked_domains"] == ["casino.com"]
    assert "imported from WordPress's disallowed_keys" in invoke("policy", "history", paper).output


def test_a_site_that_does_not_exist_and_a_file_that_is_no_text(
    invoke: Invoke, paper: str, tmp_path: Path
) -> None:
    file = tmp_path / "disallowed.txt"
    file.write_bytes(b"\xff\xfe\x00")
    for slug, complaint in (("none", "there is no site none"), (paper, "the file is not UTF-8")):
        result = invoke("policy", "import-wordpress", slug, str(file), "--as", "moderation_keys")
        assert result.exit_code != 0
        assert complaint in result.output
