"""Runs the rows on a site made for it (benchmarks/run starts this, in the folder of the sites)."""

import argparse
import json
import sys
import time
from pathlib import Path

import frappe

from benchmarks import rows, stopwatch
from benchmarks.world import World, forget, is_filled, make_twins, remove_twins


def main() -> int:
	words = argparse.ArgumentParser()
	words.add_argument("--site", required=True)
	words.add_argument("--people", type=int, required=True)
	words.add_argument("--repeats", type=int, required=True)
	words.add_argument("--output", type=Path, required=True)
	words.add_argument("--only", nargs="*", default=[])
	asked = words.parse_args()
	frappe.init(site=asked.site, sites_path=".")
	frappe.connect()
	if not frappe.conf.get("involvement_test_site"):
		sys.exit("This makes and removes people: only on a site made for it.")
	frappe.flags.in_test = True  # nothing is mailed
	frappe.local.lang = "en"
	try:
		run(asked)
	finally:
		frappe.destroy()
	return 0


def run(asked) -> None:
	facts = {"people": asked.people, "repeats": asked.repeats, **stopwatch.machine()}
	begun = time.perf_counter()
	filled = is_filled(asked.people)
	if not filled:
		forget()
	make_twins()
	try:
		world = World(asked.people, filled)
		settle()
		facts["seconds to fill"] = f"{time.perf_counter() - begun:.0f}"
		measured = [each(row, world, asked.repeats) for row in wanted(asked.only)]
	finally:
		frappe.db.rollback()
		remove_twins()
	publish(asked.output / f"benchmark-{asked.people}", facts, measured)


def settle() -> None:
	frappe.db.commit()  # the site is the benchmark's own; a savepoint over thousands of new rows would be measured too
	# fresh statistics: the tables were all but empty a moment ago
	frappe.db.sql_ddl(
		"ANALYZE TABLE `tabInvolvement Participant`, `tabInvolvement Application`, `tabInvolvement Engagement`,"
		" `tabInvolvement Payment`, `tabInvolvement Message`, `tabInvolvement Opportunity`"
	)


def wanted(only: list[str]) -> list[rows.Row]:
	return [row for row in rows.ROWS if not only or any(word in row.name for word in only)]


def each(row: rows.Row, world: World, repeats: int) -> dict:
	rows.made_anew()
	floor = stopwatch.measure(row.floor(world), repeats) if row.floor else None
	measured = stopwatch.as_row(row.name, floor, stopwatch.measure(row.ours(world), repeats))
	print(f"  {row.name}", file=sys.stderr, flush=True)  # a long run says how far it is
	return measured


def publish(target: Path, facts: dict, measured: list[dict]) -> None:
	text = ", ".join(f"{name} {value}" for name, value in facts.items()) + "\n\n" + stopwatch.table(measured)
	target.with_suffix(".md").write_text(text)
	target.with_suffix(".json").write_text(json.dumps({"facts": facts, "rows": measured}, indent=1) + "\n")
	print(text)


sys.exit(main())
