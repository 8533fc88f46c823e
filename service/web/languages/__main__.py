"""`make messages`: brings each catalogue up to what the code says, and lists what waits for its words."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from service.web.languages import FOR_READERS, HERE
from service.web.languages.extract import extracted

_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def main() -> int:
    """Write the catalogues; 1 where a sentence waits for its translation."""
    waiting = 0
    for language in sorted(set(FOR_READERS) - {"en"}):
        file = HERE / f"{language}.po"
        catalogue = updated(file, language)
        write(catalogue, file, language)
        for message in untranslated(catalogue):
            waiting += 1
            sys.stdout.write(f"{file.name}: {message.id}\n")
    return int(waiting > 0)


def updated(file: Path, language: str) -> Catalog:
    """The catalogue in that file with exactly the sentences that there are now."""
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    catalogue.update(extracted(language), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def untranslated(catalogue: Catalog) -> list[Message]:
    """Sentences that lack words, or one of their plural forms."""
    return [one for one in catalogue if one.id and not all(_forms(one))]


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def write(catalogue: Catalog, file: Path, language: str) -> None:
    """Write it so that the same sentences give the same file."""
    with file.open("wb") as target:
        target.write(_HEADER.format(language=language, catalogue=catalogue).encode())
        write_po(target, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)


if __name__ == "__main__":
    sys.exit(main())
