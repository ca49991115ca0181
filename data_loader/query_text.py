"""Pieces of a query that a user wrote: in a sentence, and in a list of alternatives."""


def shown(text: str) -> str:
    """A user's text as a sentence shows it."""
    text = text.encode(errors="replace").decode()
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"


def quoted_cell(text: str) -> str:
    """One of several alternatives; quoted as in CSV where it has to be."""
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if "," in text or '"' in text else text


def joined(parts: list[str] | tuple[str, ...], word: str) -> str:
    """Parts of a sentence with commas, and a word before the last."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
