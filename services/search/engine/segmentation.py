"""Chinese text to tokens, and what a person typed to words: one place for both, with one dictionary.

A text is folded (NFKC, lower case) and read as *atoms*: one Chinese character, or one run of letters or
digits of another script. Everything else is a break. Two streams of tokens are indexed, whitespace
between them:

    修建社保费大厅,A类  →  grams  修建 建社 社保 保费 费大 大厅 厅 a类 类
                          words  修建 社保 保费 社保费 大厅 a 修 建 社 保 费 大 厅 类

*Grams*, pairs of neighbouring atoms, decide whether a word matches: one gram for two atoms, grams in a
row for more. So 社保 is found in 社保费 however the dictionary cuts it, and is not found in 社会保险费;
and a new dictionary does not make documents disappear. The last atom before a break stands alone: words
do not reach over a break. *Words*, as the dictionary cuts them, decide how well it matches: 会场 in
社会场所 is found, but ranks behind a real 会场. They also hold each single atom, for words of one atom.
Tokens hold only letters and digits: safe for any whitespace tokenizer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from operator import add

import rjieba

LONGEST_QUERY = 200  # characters; the rest is not read
MOST_WORDS = 32  # of one query

# Words of the field that the dictionary lacks or cuts apart. They change how queries are cut and how hits
# are ranked.
FIELD_WORDS = (
    "新农合", "营商", "河长制", "林长制", "充电桩", "托育", "双减", "票决制", "执行难", "断头路", "网格员",
    "医共体", "碳达峰", "大数据", "适老化", "非遗", "放管服", "联工委",
)  # fmt: skip

# Left out of a query that has other words: nearly every text has them.
STOP_WORDS = {*"的了和与及或在是对等就也都而之我吗呢", "我们", "以及", "关于", "有关", "怎么", "如何", "什么"}

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OTHER = rf"[^\W_{_HAN}]"  # a letter or digit of another script
_RUN = re.compile(r"[^\W_]+")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_OTHER_RUN = re.compile(f"{_OTHER}+")
_ATOM = re.compile(f"[{_HAN}]|{_OTHER}{{1,64}}")
_HAN_OR_ATOM = re.compile(f"[{_HAN}]+|{_OTHER}{{1,64}}")
_QUOTED = re.compile('["“”「」『』＂]([^"“”「」『』＂]*)["“”「」『』＂]')

# No frequency and no part of speech: rjieba takes the frequency that keeps the word in one piece.
for _field_word in FIELD_WORDS:
    rjieba.add_word(_field_word, None, None)


class _Folding(dict[int, str]):
    """A table for str.translate, filled as characters come up: some thousands in Chinese texts."""

    def __missing__(self, code: int) -> str:
        # Half a surrogate pair can come in with JSON and go nowhere: no engine takes it.
        folded = " " if 0xD800 <= code <= 0xDFFF else unicodedata.normalize("NFKC", chr(code)).lower()
        if len(self) < 30_000:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Full-width and half-width, upper and lower case made one; character by character, so that places
    can be found again in the original text. The result may be longer than the text.
    """
    return text.translate(_FOLDING)


def tokens(text: str) -> tuple[str, str]:
    """The grams and the words of a text, each joined by spaces."""
    text = fold(text)
    grams: list[str] = []
    for run in _RUN.findall(text):
        atoms = [_plain(atom) for atom in _ATOM.findall(run)] if _OTHER_RUN.search(run) else run
        grams += map(add, atoms, atoms[1:])
        grams.append(atoms[-1])
    words = [w for w in rjieba.cut_for_search(text) if len(w) > 1 and w > "\u3005" and w.isalnum()]
    words += [_plain(w[:64]) for w in _OTHER_RUN.findall(text)]
    words += [c for c in set(text) if "\u4e00" <= c <= "\u9fff" or _HAN_CHARACTER.match(c)]
    return " ".join(grams), " ".join(words)


def _plain(atom: str) -> str:
    """Without leading zeros, so that 第0123号 is found by 123."""
    return atom.lstrip("0") or "0" if atom[0] == "0" and atom.isdecimal() else atom


@dataclass(frozen=True)
class Word:
    """Atoms that must stand side by side. Never empty."""

    atoms: tuple[str, ...]

    @property
    def grams(self) -> tuple[str, ...]:
        """What must stand in a row among a text's grams; empty for a word of one atom, which is looked
        up in words.
        """
        return tuple(map(add, self.atoms, self.atoms[1:]))

    @property
    def text(self) -> str:
        return "".join(self.atoms)


@dataclass(frozen=True)
class QueryWords:
    """`words`: what to find. `runs`: what was typed without a break, of several words; texts that have
    it so rank higher.
    """

    words: tuple[Word, ...]
    runs: tuple[Word, ...] = ()
    strict: bool = False  # there are quotes in it

    @property
    def needed(self) -> int:
        """How many of the words a text must have: all, or three quarters of more than four, as in a
        whole sentence.
        """
        return len(self.words) if self.strict or len(self.words) <= 4 else -(-len(self.words) * 3 // 4)


@lru_cache(maxsize=256)
def query_words(text: str) -> QueryWords:
    """What a person typed, as words. Never raises; no words when there is nothing to search for in it."""
    text = text[:LONGEST_QUERY]
    quoted = [_word(run) for phrase in _QUOTED.findall(text) for run in _RUN.findall(fold(phrase))]
    words: list[Word] = list(quoted)
    stopped: list[Word] = []
    runs: list[Word] = []
    for run in _RUN.findall(fold(_QUOTED.sub(" ", text))):
        cut = _cut(run)
        kept = [word for word in _join_singles(cut) if word.text not in STOP_WORDS]
        stopped += [word for word in cut if word.text in STOP_WORDS]
        words += kept
        if len(kept) > 1:
            runs.append(_word(run))
    return QueryWords(_first(words or stopped), _first(runs), strict=bool(quoted))


def _first(words: list[Word]) -> tuple[Word, ...]:
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def _word(run: str) -> Word:
    return Word(tuple(_plain(atom) for atom in _ATOM.findall(run)))


def _cut(run: str) -> list[Word]:
    """A run cut into the dictionary's words and the atoms of other scripts; two atoms stay together.

    Without the dictionary's guesses at unknown words (hmm): a wrong guess, 加强营 in 加强营商环境, would
    find nothing.
    """
    whole = _word(run)
    if len(whole.atoms) <= 2:
        return [whole]
    pieces: list[str] = []
    for piece in _HAN_OR_ATOM.findall(run):
        pieces += rjieba.cut(piece, False) if _HAN_CHARACTER.match(piece) else [piece]
    return [_word(piece) for piece in pieces]


def _join_singles(words: list[Word]) -> list[Word]:
    """Words of one atom side by side become one word: 第 0123 号 asks for 第0123号, not for the three
    anywhere.
    """
    joined: list[Word] = []
    open_ = False
    for word in words:
        single = len(word.atoms) == 1 and word.text not in STOP_WORDS
        if single and open_:
            joined[-1] = Word(joined[-1].atoms + word.atoms)
        else:
            joined.append(word)
        open_ = single
    return joined


@lru_cache(maxsize=1024)
def pattern(word: Word) -> re.Pattern[str]:
    """Finds the word in a folded text, exactly where the grams do."""
    parts = []
    for atom in word.atoms:
        if _HAN_CHARACTER.match(atom):
            parts.append(atom)
        else:
            zeros = "0*" if atom.isdecimal() else ""
            parts.append(f"(?<!{_OTHER}){zeros}{atom}(?!{_OTHER})")
    return re.compile("".join(parts))
