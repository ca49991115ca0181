"""Text as a file may hold it, and how wide it will stand there."""

import re

_NEVER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
"""What XML can't hold, and what turns around or hides the text beside it."""

_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")


def printable(text: str) -> str:
    """The text on one line, without characters that no file can hold or no reader sees."""
    return _NEVER.sub("", _BREAKS.sub(" ", text))


def paragraphs(text: str) -> list[str]:
    """The lines of a text, each printable; empty ones are left out."""
    return [line for part in text.splitlines() if (line := printable(part).strip())]


_WIDTHS = {
    "\u2009\u202f": 0.2,
    "'ijl": 0.22,
    " !,./:;I[\\]ft|\u00a0·": 0.28,
    '()-`r"*°': 0.36,
    "Jcksvxyz": 0.5,
    "mMW%@—": 0.87,
    "ABCDEFGHKNOPQRSTUVXYZw&": 0.7,
}
"""Em, after Helvetica's."""

_WIDTH_OF = {letter: width for letters, width in _WIDTHS.items() for letter in letters}
_OTHER = 0.57


def width(text: str) -> float:
    """How wide a line of text stands, in em: within some 5 % in Helvetica and its kin."""
    return sum(_WIDTH_OF.get(letter, _OTHER) for letter in text)


def longest_word(text: str) -> float:
    """How wide a column must be, in em, to break the text between words only."""
    return max(map(width, text.split(" ")))


def wrapped(text: str, em: float) -> list[str]:
    """The text in lines no wider than so many em, broken between words; at least one line."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width(longer) > em:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
