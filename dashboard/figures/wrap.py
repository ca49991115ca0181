"""Names broken into lines, for axes that have no room beside them."""

import textwrap

_ELLIPSIS = "…"


def wrapped(text: str, *, width: int, lines: int) -> str:
    """Break a name between words; what doesn't fit ends in an ellipsis.

    Args:
        text: the name.
        width: characters of a line.
        lines: at most.
    """
    parts = textwrap.wrap(text, width, max_lines=lines, placeholder=_ELLIPSIS)
    return "<br>".join(parts)
