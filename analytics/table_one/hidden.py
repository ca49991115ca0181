"""Which counts of a table to hide so that none can be solved for from its margins.

The counts of one variable, blanks included, are a table with two margins: its columns add up to
the numbers of subjects, its rows to the column of all where there is one. A reader who knows all
that is shown, and that nothing hidden is zero, can solve for a hidden count if it is the same in
every solution in whole numbers. Such a table is a network: columns and rows are its nodes, counts
are what flows between them. A count can be another one if and only if it lies on a cycle along
which hidden counts can grow and shrink by one, each where the balance of its nodes asks for it
(Gusfield 1988, SIAM J. Comput. 17:552); so no solver is needed.
"""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from analytics.table_one.values import Bool, Float, Int

Cell = tuple[int, int]
Node = tuple[str, int]
Network = dict[Node, list[tuple[Cell, Node]]]


@dataclass(frozen=True)
class Counts:
    """The counts of one variable.

    Attributes:
        cells: shape (rows, columns); where there is one, the column of all is the last.
        has_total: whether the last column is the sum of the others.
        fixed: what can't be hidden since it is known from elsewhere, shape (rows, columns).
        costs: how dear each count is to hide, above 0, shape (rows, columns).
    """

    cells: Int
    has_total: bool
    fixed: Bool
    costs: Float

    @property
    def network(self) -> Network:
        """For each node, counts along which a unit can go on, and where to.

        A count flows from its column to its row, that of all from the row to its column; it can
        grow, or shrink where one is left. Zeros are shown, so they can't change.
        """
        steps: Network = {}
        for cell in _listed((self.cells > 0) & ~self.fixed):
            tail, head = self.ends(cell)
            steps.setdefault(tail, []).append((cell, head))
            if self.cells[cell] > 1:
                steps.setdefault(head, []).append((cell, tail))
        return steps

    def ends(self, cell: Cell) -> tuple[Node, Node]:
        """Between which nodes a count flows."""
        row, column = cell
        # Without a column of all, nothing is known of the sums of rows: one node takes them all.
        ends = ("column", column), ("row", row if self.has_total else 0)
        is_total = self.has_total and column == self.cells.shape[1] - 1
        return ends[::-1] if is_total else ends


def hidden_cells(counts: Counts, least: int, *, also: Bool | None = None) -> Bool:
    """Choose what to hide: small counts, and as little else as is found to be enough.

    Args:
        counts: of one variable.
        least: counts from 1 to one below it are hidden.
        also: what else must be, where there is any to hide, shape (rows, columns).

    Returns:
        What is hidden, shape (rows, columns). Zeros are shown, unless nothing less than the
        whole is enough.
    """
    hidden = (counts.cells > 0) & (counts.cells < least)
    if also is not None:
        hidden |= also & (counts.cells > 0)
    if (hidden & counts.fixed).any():
        return np.ones_like(hidden)
    network, todo = counts.network, _listed(hidden)
    while todo:
        cell = todo.pop()
        prices = np.where(hidden, 0.0, counts.costs)
        cycle = _cheapest_cycle(counts, network, prices, cell)
        if cycle is None:
            return np.ones_like(hidden)
        # What is hidden for the sake of this count must not be solvable itself.
        todo += [other for other in cycle if not hidden[other]]
        for other in cycle:
            hidden[other] = True
    return hidden


def _listed(mask: Bool) -> list[Cell]:
    return [(int(row), int(column)) for row, column in np.argwhere(mask)]


def _cheapest_cycle(
    counts: Counts, network: Network, prices: Float, cell: Cell
) -> list[Cell] | None:
    """Counts that let this one grow, or shrink, whichever hides less; None where none do."""
    tail, head = counts.ends(cell)
    ways = [_cheapest_path(network, prices, head, tail, without=cell)]
    if counts.cells[cell] > 1:
        ways.append(_cheapest_path(network, prices, tail, head, without=cell))
    found = [way for way in ways if way is not None]
    return min(found)[1] if found else None


def _cheapest_path(
    network: Network,
    prices: Float,
    start: Node,
    end: Node,
    *,
    without: Cell,
) -> tuple[float, list[Cell]] | None:
    """Dijkstra's path; None where there is none."""
    best, queue = {start: 0.0}, [(0.0, start)]
    came: dict[Node, tuple[Node, Cell]] = {}
    while queue:
        cost, node = heappop(queue)
        if node == end:
            return cost, _walked(came, start, end)
        if cost > best[node]:
            continue
        for cell, onward in network.get(node, ()):
            reached = cost + float(prices[cell])
            if cell != without and reached < best.get(onward, np.inf):
                best[onward], came[onward] = reached, (node, cell)
                heappush(queue, (reached, onward))
    return None


def _walked(came: dict[Node, tuple[Node, Cell]], start: Node, end: Node) -> list[Cell]:
    cells = []
    while end != start:
        end, cell = came[end]
        cells.append(cell)
    return cells
