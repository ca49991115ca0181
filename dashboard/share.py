"""Percentages as a reader may take them: all and none are said of all and none only."""


def share(part: int, whole: int) -> str:
    """A whole percentage; 999 of 1,000 is more than 99 %, not 100 %.

    Args:
        part: how many.
        whole: of how many, at least one.
    """
    percent = 100 * part / whole
    if part < whole and percent >= 99.5:
        return "> 99 %"
    if part > 0 and percent < 0.5:
        return "< 1 %"
    return f"{percent:.0f} %"
