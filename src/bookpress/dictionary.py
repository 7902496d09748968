"""A language -> the dictionary that knows its words; the only module that knows Hunspell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hunspell import Hunspell

from bookpress.resources import data_folder


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The words of one language, with their inflections."""

    engine: Hunspell

    def has(self, word: str) -> bool:
        """Say whether a word is spelt so; a capital letter is no difference where a name may be."""
        return bool(self.engine.spell(word))

    def nearest(self, word: str) -> str:
        """The word that was meant most likely, "" where nothing is near; takes up to 0.1 s."""
        return next(iter(self.engine.suggest(word)), "")


@cache
def find(language: str) -> Dictionary | None:
    """Open the dictionary of a language, a BCP 47 tag in its canonical case; None if there is none.

    Source: SCOWL's, as Hunspell reads them, in data/spelling, each with its licence beside it.
    """
    folder = data_folder() / "spelling"
    if not (folder / f"{language}.dic").is_file():
        return None
    return Dictionary(Hunspell(language, hunspell_data_dir=str(folder)))
