"""The points of the love plot as a list: each leads to its row of the table."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from analytics.table_one.alike import Balance
from analytics.table_one.wording import interval
from dashboard.aria import data


def balance_list(found: Sequence[Balance]) -> Component | None:
    """The variables by the size of their difference, the largest first; None without any.

    Args:
        found: largest first, as `alike.balances` gives them.
    """
    if not found:
        return None
    pairs = len({one.columns for one in found}) > 1
    return html.Details(
        [
            html.Summary("The same as a list; each leads to its row"),
            html.Ol([html.Li(_item(one, says_pair=pairs)) for one in found]),
        ],
        className="balance-list",
    )


def _item(one: Balance, *, says_pair: bool) -> list[Component | str]:
    name = one.variable.name
    link = html.A(one.variable.label, href=f"#{name}", **data(to=name))
    pair = f", {one.columns[0]} minus {one.columns[1]}" if says_pair else ""
    return [link, f" {interval(one.smd, one.low, one.high, 2)}{pair}"]
