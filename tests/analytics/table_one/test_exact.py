"""Exact tests beside R's and beside tables listed one by one."""

from collections.abc import Iterator
from itertools import product
from math import factorial, prod

import numpy as np
import pytest

from analytics.table_one.comparison import compare_levels
from analytics.table_one.exact import exact_p, monte_carlo_p
from analytics.table_one.values import Int
from tests.analytics.table_one.reference import by_r

R = by_r("exact")
TABLES = [(np.array(table), p) for table, p in zip(R["tables"], R["p"], strict=True)]


@pytest.mark.parametrize(("table", "p"), TABLES, ids=lambda one: str(np.shape(one)))
def test_beside_r(table: Int, p: float) -> None:
    assert exact_p(table) == pytest.approx(p, rel=1e-8)
    assert exact_p(table.T) == pytest.approx(p, rel=1e-8)
    assert exact_p(table[::-1]) == pytest.approx(p, rel=1e-8)


def filled(rows: tuple[int, ...], columns: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """Every table with these margins, one by one."""
    if len(rows) == 1:
        yield [columns]
        return
    for first in product(*(range(min(rows[0], column) + 1) for column in columns)):
        if sum(first) == rows[0]:
            left = tuple(column - one for column, one in zip(columns, first, strict=True))
            yield from ([first, *others] for others in filled(rows[1:], left))


def p_by_listing(table: Int) -> float:
    def weight(cells: list[tuple[int, ...]]) -> float:
        return 1 / prod(factorial(cell) for row in cells for cell in row)

    rows, columns = (tuple(map(int, table.sum(axis=axis))) for axis in (1, 0))
    weights = [weight(cells) for cells in filled(rows, columns)]
    observed = weight([tuple(map(int, row)) for row in table])
    return sum(w for w in weights if w <= observed * (1 + 1e-7)) / sum(weights)


@pytest.mark.parametrize("seed", range(40))
def test_beside_all_tables_there_are(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = [(2, 2), (2, 4), (3, 3), (4, 2), (5, 2), (3, 4)][seed % 6]
    table = random.poisson(random.choice([0.7, 1.2, 2.0]), shape)
    table[0, 0] += 1
    table[-1, -1] += 1
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    assert exact_p(table) == pytest.approx(p_by_listing(table), rel=1e-9)


DEAR = np.array([[40, 31, 22], [35, 41, 30], [20, 33, 25], [11, 14, 9], [2, 1, 4]])


def test_where_it_is_too_dear_tables_are_drawn_and_it_is_said() -> None:
    assert exact_p(DEAR) is None
    drawn = compare_levels(DEAR, "fisher", replicates=9999, seed=1)
    assert drawn.test == "Fisher-Freeman-Halton test, Monte Carlo"
    assert (drawn.replicates, drawn.seed) == (9999, 1)
    assert drawn == compare_levels(DEAR, "fisher", replicates=9999, seed=1)
    assert drawn.p != compare_levels(DEAR, "fisher", replicates=9999, seed=2).p
    # (b + 1) / (m + 1) is a whole number of ten-thousandths, near R's 0.3493 of 100,000 tables.
    assert drawn.p is not None
    assert drawn.p * 10_000 == pytest.approx(round(drawn.p * 10_000))
    assert drawn.p == pytest.approx(0.3493, abs=0.02)


@pytest.mark.parametrize(("table", "p"), TABLES[:11], ids=lambda one: str(np.shape(one)))
def test_drawn_tables_estimate_the_exact_p(table: Int, p: float) -> None:
    estimate = monte_carlo_p(table, replicates=9999, seed=7)
    assert abs(estimate - p) < 4.5 * np.sqrt(max(p * (1 - p), 1e-4) / 9999) + 1e-4
