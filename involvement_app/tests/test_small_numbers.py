"""No figure that is hidden can be worked out from those that are shown: tried out, table by table (domain 5.2)."""

import itertools
import random
import unittest

from involvement_app.involvement_app.small_numbers import SMALL, bounds, hidden, with_totals


def told(table, cells) -> dict:
	"""What a reader finds who tries every table that fits what is shown: {hidden cell: its values}."""
	rows, columns = len(table) - 1, len(table[0]) - 1
	free = [(r, c) for r in range(rows) for c in range(columns) if (r, c) in cells]
	found = {cell: set() for cell in cells}
	for guess in itertools.product(range(1, 13), repeat=len(free)):
		inner = [line[:-1] for line in table[:-1]]
		for (r, c), value in zip(free, guess, strict=True):
			inner[r][c] = value
		whole = with_totals(inner)
		if all(
			whole[r][c] == table[r][c]
			for r in range(rows + 1)
			for c in range(columns + 1)
			if (r, c) not in cells
		):
			for r, c in cells:
				found[r, c].add(whole[r][c])
	return found


class TestSmallNumbers(unittest.TestCase):
	def test_no_hidden_figure_can_be_worked_out(self):
		"""Row 0.17: figures about places are passed on, and tell of nobody who lives there."""
		chance, tried = random.Random(7), 0
		while tried < 40:
			rows, columns = chance.randint(1, 3), chance.randint(1, 3)
			inner = [[chance.choice((0, 0, 1, 2, 3, 4, 5, 7)) for _ in range(columns)] for _ in range(rows)]
			table = with_totals(inner)
			cells = hidden(table)
			if not cells or table[-1][-1] > 12 or sum(r < rows and c < columns for r, c in cells) > 3:
				continue
			tried += 1
			for cell, values in told(table, cells).items():
				with self.subTest(table=table, cell=cell):
					self.assertGreater(len(values), 1)
					self.assertGreaterEqual(max(values), SMALL)
					if (
						rows,
						columns,
					) not in cells:  # else it may be anything, and twelve is as far as is tried
						self.assertEqual((min(values), max(values)), bounds(table, cells, cell))

	def test_a_single_small_figure_takes_three_others_with_it(self):
		table = with_totals([[3, 20, 30], [40, 50, 60], [70, 80, 90]])
		cells = hidden(table)
		self.assertIn((0, 0), cells)
		self.assertEqual(len(cells), 4)
		self.assertNotIn((3, 3), cells)

	def test_zeros_and_large_figures_are_shown(self):
		self.assertEqual(hidden(with_totals([[0, 12], [7, 5]])), set())
		self.assertEqual(hidden(with_totals([])), set())

	def test_a_small_total_is_hidden_with_all_of_it(self):
		cells = hidden(with_totals([[1, 0], [0, 2]]))
		self.assertIn((2, 2), cells)

	def test_a_large_table_is_quick_and_safe(self):
		chance = random.Random(11)
		inner = [
			[int(chance.paretovariate(0.8)) * (chance.random() < 0.8) for _ in range(8)] for _ in range(60)
		]
		table = with_totals(inner)
		cells = hidden(table)
		for cell in random.Random(3).sample(sorted(cells), 40):
			least, most = bounds(table, cells, cell)
			self.assertGreaterEqual(most, SMALL)
			self.assertGreaterEqual(most - least, SMALL - 1)
