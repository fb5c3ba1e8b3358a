"""Figures that leave the organisation tell of nobody: cells of less than five are hidden, and so many others that no
hidden cell can be worked out from the totals (domain 1.7, 5.2; ONS guidance on small numbers).

A table with its totals is a network: each inner figure flows from its row to its column, each total back. What a
hidden cell may be at the least and at the most is then how much can flow around it through other hidden cells. A
small cell whose most is below SMALL, or any hidden cell that can be told to within less than SMALL, calls for another
one beside it. Zeros are shown: that nobody is there tells of nobody. So a reader knows that a hidden cell is one at
least, and here it is reckoned with."""

import heapq
from collections import defaultdict, deque

SMALL = 5
ENDLESS = 10**9
Table = list[list[int]]
Cell = tuple[int, int]


def with_totals(inner: Table) -> Table:
	"""The table with a last column and a last row of totals."""
	rows = [[*row, sum(row)] for row in inner]
	return [*rows, [sum(column) for column in zip(*rows, strict=True)]] if rows else []


def hidden(table: Table) -> set[Cell]:
	"""The cells (row, column) of `table`, which has its totals, that are not to be shown."""
	curtain = _Curtain(table)
	waiting = deque(sorted(cell for cell, value in _cells(table) if 0 < value < SMALL))
	for cell in waiting:
		curtain.hide(cell)
	while waiting:  # what is safe stays safe: to hide more only leaves more open
		cell = waiting.popleft()
		while not curtain.is_safe(cell) and (others := curtain.beside(cell)):
			for other in others:
				curtain.hide(other)
			waiting.extend(others)
	return curtain.hidden


def bounds(table: Table, cells: set[Cell], cell: Cell) -> tuple[int, int]:
	"""What a reader can say of a hidden cell: (at the least, at the most)."""
	curtain = _Curtain(table)
	for each in cells:
		curtain.hide(each)
	value = table[cell[0]][cell[1]]
	return value - curtain.flow(cell, ENDLESS, less=True), value + curtain.flow(cell, ENDLESS)


def _cells(table: Table):
	return (((row, column), value) for row, line in enumerate(table) for column, value in enumerate(line))


class _Curtain:
	"""A table and what is hidden of it, as a network with the room that each hidden figure leaves."""

	def __init__(self, table: Table):
		self.table = table
		self.hidden: set[Cell] = set()
		self.room: dict = defaultdict(lambda: defaultdict(int))

	def hide(self, cell: Cell) -> None:
		self.hidden.add(cell)
		self._open(cell, 1)

	def _open(self, cell: Cell, sign: int) -> None:
		"""A hidden figure may grow without end, and shrink to one."""
		start, end = self._arc(cell)
		self.room[start][end] += sign * ENDLESS
		self.room[end][start] += sign * (self.table[cell[0]][cell[1]] - 1)

	def _arc(self, cell: Cell) -> tuple:
		"""Inner figures flow from row to column, and so does the sum of all; the other totals flow back: then what
		flows into each line flows out of it."""
		row, column = ("row", cell[0]), ("column", cell[1])
		is_total = (cell[0] == len(self.table) - 1) != (cell[1] == len(self.table[0]) - 1)
		return (column, row) if is_total else (row, column)

	def is_safe(self, cell: Cell) -> bool:
		"""Whether what is shown leaves the cell open by SMALL figures, and that it may be SMALL or more."""
		up = self.flow(cell, SMALL)
		if self.table[cell[0]][cell[1]] + up < SMALL:
			return False
		return up == SMALL or up + self.flow(cell, SMALL, less=True) >= SMALL - 1

	def flow(self, cell: Cell, most: int, less: bool = False) -> int:
		"""By how much the cell may be more (or `less`) with all that is shown as it is; `most` at the most."""
		start, end = self._arc(cell)
		if less:
			start, end = end, start
			most = min(most, self.table[cell[0]][cell[1]] - 1)
		self._open(cell, -1)
		# what is put into the cell has to come back from its end to its start
		steps, moved = self._push(end, start, most)
		self._move(steps, -1)
		self._open(cell, 1)
		return moved

	def _push(self, start, end, most: int) -> tuple[list, int]:
		"""Move as much as there is room for, `most` at the most: (the steps, how much)."""
		steps, moved = [], 0
		while moved < most and (path := self._path(start, end)):
			amount = min(most - moved, *(self.room[a][b] for a, b in path))
			steps += [(a, b, amount) for a, b in path]
			self._move(steps[-len(path) :], 1)
			moved += amount
		return steps, moved

	def _move(self, steps: list, sign: int) -> None:
		for a, b, amount in steps:
			self.room[a][b] -= sign * amount
			self.room[b][a] += sign * amount

	def _path(self, start, end) -> list:
		"""The shortest way with room on it, as a list of steps; empty where there is none."""
		came_from = {start: None}
		queue = deque([start])
		while queue and end not in came_from:
			node = queue.popleft()
			for other, free in self.room[node].items():
				if free > 0 and other not in came_from:
					came_from[other] = node
					queue.append(other)
		path, node = [], end
		while came_from.get(node):
			path.append((came_from[node], node))
			node = came_from[node]
		return path[::-1]

	def beside(self, cell: Cell) -> list[Cell]:
		"""What to hide next so that `cell` may be more: the way around it that costs the smallest figures. Empty where
		there is none."""
		start, end = self._arc(cell)
		self._open(cell, -1)
		steps, _moved = self._push(end, start, SMALL)
		way = self._cheapest(end, start, self._shown(cell))
		self._move(steps, -1)
		self._open(cell, 1)
		return way

	def _shown(self, cell: Cell) -> dict:
		"""{node: [(node, figure)]}: where there would be room if a figure that is shown now were hidden."""
		found = defaultdict(list)
		for other, value in _cells(self.table):
			if value and other not in self.hidden and other != cell:
				start, end = self._arc(other)
				found[start].append((end, other))
				if value > 1:
					found[end].append((start, other))
		return found

	def _cheapest(self, start, end, shown: dict) -> list[Cell]:
		"""The figures to hide on the way from `start` to `end` with the smallest sum."""
		waiting, done = [(0, start, ())], set()
		while waiting:
			cost, node, cells = heapq.heappop(waiting)
			if node == end:
				return list(cells)
			if node in done:
				continue
			done.add(node)
			for other, free in self.room[node].items():
				if free > 0 and other not in done:
					heapq.heappush(waiting, (cost, other, cells))
			for other, figure in shown[node]:
				if other not in done:
					price = self.table[figure[0]][figure[1]]
					heapq.heappush(waiting, (cost + price, other, (*cells, figure)))
		return []
