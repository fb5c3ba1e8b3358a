"""How a choice was told moves to a field of its own, so that “How the person told us” is asked with the next one."""

import frappe


def execute() -> None:
	engagement = frappe.qb.DocType("Involvement Engagement")
	entered = engagement.recorded_by.isnotnull() & (engagement.status != "Ended early")
	# bounded: rows that staff entered a choice for, once
	query = frappe.qb.update(engagement).set(engagement.told_how, engagement.recorded_how)
	query.set(engagement.recorded_how, None).where(entered).run()
