"""`replydesk …`: what operators do by hand; personal data comes from standard input, never from arguments."""

import importlib

import click

# Each command's module is imported when it is used, so that --help is fast.
_COMMANDS = {
    "migrate": "bring the database up to date",
    "site": "make, change and list sites",
    "policy": "show, try and change what a site wants",
    "recheck": "give held comments to the checks again, under today's policy",
    "explain": "say why a comment stands where it stands",
    "checks": "show what each check decided lately, and how often people agreed",
    "services": "show which outside services sites have on, and what they say",
    "models": "show what a site taught the models and when it may automate, go back",
    "moderator": "give people passwords for the dashboard, change what they may, shut them out",
    "identity": "link people to their accounts at the OpenID provider",
    "token": "make, revoke and list moderators' tokens",
    "erase": "erase a person's data, or write and re-apply the ledger of that",
    "reveal": "open one reader's address for a threat or a court order, on record",
    "keys": "draw, count and change the keys of addresses",
    "secrets": "draw the secrets of a deployment in containers, once",
    "doctor": "check the configuration and say what is wrong",
    "demo": "make the demo site and its moderator",
    "train": "train a spam or abuse model from labelled comments",
    "evaluate": "measure the models that ship on labelled comments",
    "replay": "post the comments of a labelled file and follow each to its decision",
}


class _Late(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"service.cli.{cmd_name}").command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Late, help="Replydesk: asynchronous comment moderation.")
@click.version_option(package_name="replydesk")
def main() -> None:
    """The command line."""
