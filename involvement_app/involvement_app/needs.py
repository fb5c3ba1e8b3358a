"""Kinds of needs a site starts with, to edit and delete: inserted only where there are none yet (Accessible
Information Standard; domain 4.1)."""

import frappe

NEEDS = (  # need, kind, what we usually do
	("Large print", "Format", "Send papers in 16 point or larger"),
	("Easy read", "Format", "Send easy-read papers with the agenda"),
	("Audio or somebody reading aloud", "Format", "Ring up before and go through the papers"),
	("An interpreter", "Communication", "Book the interpreter as soon as the date is set"),
	("British Sign Language", "Communication", "Book two interpreters for more than an hour"),
	("More time to speak", "Communication", "Say so to whoever chairs"),
	("A hearing loop", "Sensory", "Test the loop before people arrive"),
	("A quiet room", "Sensory", "Keep a second room free"),
	("Step-free access", "Physical", "Check the way in, the room and the toilet"),
	("Breaks", "Neurodiversity", "Plan a break at least every hour"),
	("Knowing beforehand what happens", "Neurodiversity", "Send who comes, where and in which order"),
	("Somebody with me", "Other", "Plan a chair and papers for a supporter"),
	("Cover for somebody I care for", "Caring", "Agree the cost of cover beforehand"),
	("Help with getting there", "Transport", "Book and pay for the taxi"),
	("Help with joining online", "Digital", "Offer a trial call"),
	("Something else", "Other", ""),
)


def create() -> None:
	if frappe.db.count("Access Need Type"):
		return
	# one by one: a handful, when the app is installed
	for name, category, action in NEEDS:
		frappe.get_doc(
			doctype="Access Need Type", need_name=name, category=category, usual_action=action
		).insert(ignore_permissions=True)  # install, as Administrator
