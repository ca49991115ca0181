"""Links to the pages before and after one of a long list."""

import math
from collections.abc import Callable

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.aria import aria, unseen


def page_within(asked: int, *, n: int, per_page: int) -> int:
    """The page that was asked for, or the last if there are not so many."""
    return min(asked, max(1, math.ceil(n / per_page)))


def pager(page: int, *, n: int, per_page: int, name: str, href: Callable[[int], str]) -> Component:
    """Say which of how many pages this is, and link the ones beside it.

    Args:
        page: from 1.
        n: subjects on all of them.
        per_page: subjects on each.
        name: of the list.
        href: address of a page.
    """
    last = max(1, math.ceil(n / per_page))
    links = [
        dcc.Link([word, unseen(f" page of {name}")], href=href(place))
        for word, place in (("Before", page - 1), ("Next", page + 1))
        if 1 <= place <= last
    ]
    where = f"Page {page:,} of {last:,}; {n:,} subjects"
    return html.Nav([where, *links], className="pages", **aria(label=f"Pages of {name}"))
