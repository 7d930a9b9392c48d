"""WordNet: which nouns mean the same, and which name a kind of the other.

Reads the noun files of a WordNet 3.x database as Debian's `wordnet-base` installs them (format:
`wndb(5WN)`, `wninput(5WN)`); nothing else of WordNet is needed here. The index is read once, data
records when they are asked for.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from imaggen_semantics.errors import ModelUnavailable

FOLDERS = ("/usr/share/wordnet", "/usr/share/wordnet/dict", "/usr/local/WordNet-3.0/dict")
"""Where databases are installed; the environment variable WNSEARCHDIR comes first."""

_HYPERNYMS = ("@", "@i")
_PHYSICAL, _ABSTRACTION = "physical_entity", "abstraction"
# Senses after these are too rare to be meant ("chair": a professorship).
_COMMON_SENSES = 3
_DEEPEST = 20


class WordNet:
    """Nouns, their senses, and what these are kinds of."""

    def __init__(self, folder: str | Path | None = None) -> None:
        """Read the index of nouns.

        Args:
            folder: with index.noun and data.noun; None: where databases usually are.

        Raises:
            ModelUnavailable: when there is none.
        """
        found = next((path for path in _candidates(folder) if (path / "data.noun").is_file()), None)
        if found is None or not (found / "index.noun").is_file():
            raise ModelUnavailable(
                "WordNet is not installed; install it with apt install wordnet-base"
            )
        with (found / "data.noun").open("rb") as stream:
            self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._index: dict[bytes, bytes] = {}
        with (found / "index.noun").open("rb") as stream:
            for line in stream:
                if not line.startswith(b" "):
                    lemma, _, rest = line.partition(b" ")
                    self._index[lemma] = rest
        self.kinds_of = lru_cache(maxsize=8192)(self._kinds_of)

    def knows(self, noun: str) -> bool:
        """Whether `noun` (singular) has an entry."""
        return _key(noun) in self._index

    def same(self, first: str, second: str) -> bool:
        """Whether two nouns share one of their common senses."""
        return bool(set(self._senses(first)) & set(self._senses(second)))

    def is_kind_of(self, noun: str, wider: str) -> bool:
        """Whether a common sense of `noun` is a kind of the first senses of `wider`."""
        wanted = set(self._senses(wider)[:2])
        return any(wanted & set(self._above(sense)) for sense in self._senses(noun)[:2])

    def is_abstract(self, noun: str) -> bool:
        """Whether neither of the first two senses of `noun` can be touched."""
        senses = self._senses(noun)[:2]
        return bool(senses) and not any(_PHYSICAL in self._names_above(s) for s in senses)

    def _kinds_of(self, noun: str) -> tuple[str, ...]:
        """Names of what the first sense of `noun` is a kind of, narrowest first."""
        senses = self._senses(noun)
        return self._names_above(senses[0]) if senses else ()

    def _names_above(self, sense: int) -> tuple[str, ...]:
        return tuple(name for above in self._above(sense) for name in self._record(above)[0])

    def _senses(self, noun: str) -> list[int]:
        """Offsets of the common senses of a noun, the most frequent first."""
        rest = self._index.get(_key(noun))
        if rest is None:
            return []
        fields = rest.split()
        count = int(fields[1])
        return [int(offset) for offset in fields[-count:]][:_COMMON_SENSES]

    def _above(self, sense: int) -> list[int]:
        """A sense and everything it is a kind of, nearest first."""
        reached, edge = [sense], [sense]
        for _ in range(_DEEPEST):
            edge = [up for one in edge for up in self._record(one)[1] if up not in reached]
            if not edge:
                break
            reached += edge
        return reached

    @lru_cache(maxsize=8192)  # noqa: B019  one database lives as long as the process
    def _record(self, offset: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Words of a sense, and the offsets of what it is a kind of."""
        end = self._data.find(b"|", offset)
        fields = self._data[offset:end].decode("ascii").split()
        count = int(fields[3], 16)
        words = tuple(fields[4 + 2 * i].lower() for i in range(count))
        pointers = fields[5 + 2 * count :]
        hypernyms = tuple(
            int(pointers[i + 1])
            for i in range(0, len(pointers) - 3, 4)
            if pointers[i] in _HYPERNYMS and pointers[i + 2] == "n"
        )
        return words, hypernyms


def _key(noun: str) -> bytes:
    return noun.lower().replace("-", "_").replace(" ", "_").encode("utf-8", errors="ignore")


def _candidates(folder: str | Path | None) -> Iterable[Path]:
    if folder is not None:
        return [Path(folder)]
    return [Path(path) for path in (os.environ.get("WNSEARCHDIR", ""), *FOLDERS) if path]
