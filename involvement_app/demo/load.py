import frappe

from involvement_app.demo import people, rows
from involvement_app.demo.replay import Replay


def load(password: str | None = None) -> dict[str, int]:
	"""Play the history; answers how many rows of each of our doctypes there are now. Commits at the end."""
	with rows.remembered() as made:
		Replay(password).run()
		_nothing_is_really_sent(made)
	frappe.db.commit()  # the end of the command
	return {
		doctype: len(names) for doctype, names in sorted(made.items()) if doctype.startswith("Involvement ")
	}


def _nothing_is_really_sent(made: dict) -> None:
	"""What the invented year wrote to people has all arrived; what goes by hand waits in the outbox, where it can be
	tried out."""
	names = made.get("Involvement Message") or [""]
	# bounded: rows the demo has just made
	frappe.db.set_value(
		"Involvement Message",
		{"name": ["in", names], "channel": ["in", ["Email", "Text message"]], "address": ["is", "set"]},
		{"status": "Sent", "sent_on": frappe.utils.now_datetime(), "error": None},
	)


def logins() -> list[str]:
	"""Who can sign in to the demo, a line each."""
	password = frappe.conf.get("involvement_demo_password") or "(as printed by load)"
	staff = [
		f"{role:32} {people.staff_user(key):28} {password}"
		for key, (_first, _last, role) in people.STAFF.items()
	]
	person = people.address(*people.PARTICIPANTS[0][:2])
	return [*staff, f"{'Participant (portal)':32} {person:28} {password}"]
