"""Courses one completed, their certificates, and letters that one asks for (rows 0.7 and 0.8)."""

import frappe
from frappe import _
from frappe.utils import getdate, today

from involvement_app.involvement_app import letters_of_reference, prints
from involvement_app.portal import limits, reads
from involvement_app.portal.responses import page, see_other, sheet
from involvement_app.portal.visit import Missing, Problem, Refused

HERE = "/take-part/my/training"
MOST = 1000
MOST_PDF = 20  # in a quarter of an hour: each keeps the machine busy for a second


def done(what: str) -> str | None:
	return {
		"asked": _("Thank you. We have your question, and tell you when the letter is ready."),
		"back": _("That is fine. Nobody writes this letter any more."),
	}.get(what)


def show(visit):
	courses = reads.trainings(visit.participant)
	return page(
		visit,
		"training.html",
		_("Training and certificates"),
		courses=courses,
		over={row.name for row in courses if row.valid_until and getdate(row.valid_until) < getdate(today())},
		letters=reads.letters(visit.participant),
		named_contact=reads.named_contact(visit.participant),
		done=done(visit.asked("done")),
	)


def ask(visit):
	"""Ask for a letter."""
	wanted_for = visit.typed("wanted_for", MOST, _("What it is for"))
	if not wanted_for:
		raise Refused(Problem(_("Tell us what the letter is for"), "wanted_for"))
	try:
		letters_of_reference.ask(visit.participant, wanted_for)
	except letters_of_reference.TooManyLetters:
		raise Refused(
			Problem(_("We still write the letters you asked for. Ask us again then."), "wanted_for")
		)
	return see_other(HERE, done="asked")


def take_back(visit, name):
	found = visit.found(reads.letter, name)
	if found.status in (letters_of_reference.ASKED, letters_of_reference.READY):
		letters_of_reference.take_back(visit.participant, name)
	return see_other(HERE, done="back")


def certificate(visit, name):
	visit.found(reads.training_record, name)
	return _print(visit, "Training Record", name, "Training Certificate", _("Certificate"))


def letter(visit, name):
	if visit.found(reads.letter, name).status != letters_of_reference.READY:
		raise Missing
	return _print(visit, "Reference Letter", name, "Reference Letter", _("Letter"))


def _print(visit, doctype: str, name: str, print_format: str, title: str):
	"""For a document of the reader's own, as was asked before."""
	pdf = visit.asked("as") == "pdf"
	if pdf and not limits.allows("my/training/pdf", visit.user, MOST_PDF):
		raise limits.TooMany
	html = prints.html(frappe.get_doc(doctype, name), print_format)
	return sheet(
		visit, html, title, {"Training Record": "certificate"}.get(doctype, "letter") if pdf else None
	)
