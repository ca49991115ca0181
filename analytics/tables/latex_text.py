"""Text for pdfLaTeX: special characters escaped, signs put into its words, nothing left to fail on."""

import re
import unicodedata

from analytics.tables.text import printable

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    # Right after `\\` these would be read as its options.
    "[": "{[}",
    "*": "{*}",
}

_SIGNS = {
    "\u2212": r"\textminus{}",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "≡": r"$\equiv$",
    "∞": r"$\infty$",
    "√": r"$\surd$",
    "∆": r"$\Delta$",
    "⋅": r"$\cdot$",
    "\u2217": "{*}",
    "→": r"$\rightarrow$",
    "←": r"$\leftarrow$",
    "↔": r"$\leftrightarrow$",
    "\u2032": r"$'$",
    "\u2033": r"$''$",
    "\u00a0": "~",
    "\u2009": r"\,",
    "\u202f": r"\,",
}

_ALPHA, _CAPITAL_ALPHA = 0x3B1, 0x391
_SMALL = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
    *("lambda", "mu", "nu", "xi", "", "pi", "rho", "varsigma", "sigma", "tau", "upsilon"),
    *("phi", "chi", "psi", "omega"),
)
"""As in Unicode; omicron has no name in TeX."""

_CAPITALS = ("gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "phi", "psi", "omega")
"""Those that don't look like Latin ones."""

_GREEK = {chr(_ALPHA + place): rf"$\{name}$" for place, name in enumerate(_SMALL) if name} | {
    chr(_CAPITAL_ALPHA + _SMALL.index(name)): rf"$\{name.title()}$" for name in _CAPITALS
}

_RAISED = dict(zip("⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0456789+-n", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))

_TEX = {
    **_GREEK,
    **_SIGNS,
    **_SPECIAL,
    **{sign: rf"\textsuperscript{{{plain}}}" for sign, plain in _RAISED.items()},
    **{sign: rf"\textsubscript{{{plain}}}" for sign, plain in _LOWERED.items()},
}

_KNOWN = re.compile(
    "[ -~\u00a1-\u0125\u0128-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0165\u0168-\u017e"
    "\u2010-\u2016\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030€™]"
)
"""What `inputenc` knows with the fonts of T1 and TS1."""

_PIECE = 30


def tex(text: str) -> str:
    """The text escaped; a word longer than a line may be broken where it is long."""
    words = unicodedata.normalize("NFC", printable(text)).split(" ")
    return " ".join(map(_word, words))


def _word(word: str) -> str:
    pieces = (word[start : start + _PIECE] for start in range(0, len(word), _PIECE))
    return r"\allowbreak{}".join(_unlinked("".join(map(_letter, piece))) for piece in pieces)


def _letter(letter: str) -> str:
    if letter in _TEX:
        return _TEX[letter]
    if _KNOWN.match(letter):
        return letter
    if unicodedata.category(letter) == "Zs":
        return " "
    plain = [
        _TEX.get(part, part)
        for part in unicodedata.normalize("NFKD", letter)
        if not unicodedata.combining(part)
    ]
    if all(map(_is_written, plain)):
        return "".join(plain)
    return f"{{[}}U+{ord(letter):04X}]"


def _is_written(part: str) -> bool:
    return len(part) > 1 or _KNOWN.match(part) is not None


def _unlinked(escaped: str) -> str:
    """Keep neighbours from becoming one sign, such as two hyphens a dash."""
    return re.sub("(?<=-)-|(?<=,),|(?<=')'", r"{}\g<0>", escaped)
