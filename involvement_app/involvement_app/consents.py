"""What the register does when somebody says yes or no (hook `involvement_consent_changed`; domain 1.7, 4.2).

A no takes effect at once: what was kept on that ground is deleted, and nothing more is sent that way.
"""

import frappe
from frappe import _

from involvement_app.involvement_privacy import consent

NOTICE = "privacy-notice"
ACCESS = "access-needs"
TEXTS = "text-messages"
WELLBEING = "wellbeing-plan"
TOGETHER = "working-together"
MEDIA = "media"


def on_change(person: consent.Person, purpose: str, decision: str) -> None:
	doctype, name = person
	if doctype != "Involvement Participant":
		return
	if decision == consent.NOTICE_GIVEN:
		_note_what_is_due(name)
	elif decision in (consent.REFUSED, consent.WITHDRAWN) and purpose in FORGET:
		FORGET[purpose](name)


def texts_refused(participants: set[str]) -> set[str]:
	"""Those of them who said no to text messages. Who was never asked and chose them as their way has not. The
	outbox asks for the recipient again as it hands over, so a no reaches what already waits."""
	if not participants:
		return set()
	row = frappe.qb.DocType("Consent Record")
	asked = (
		frappe.qb.from_(row)
		.select(row.person)
		.where((row.person_doctype == "Involvement Participant") & (row.purpose == TEXTS))
		.where(row.person.isin(sorted(participants)))
		.where(consent.holds(TEXTS, "Involvement Participant", row.person).negate())
	)
	return set(asked.run(pluck=True))


class NotAgreed(frappe.ValidationError):
	"""Something would be kept to which the person said no, or has not said yes where that is needed."""


def agreed(participant: str, purpose: str) -> bool:
	"""Whether this person's yes to `purpose` holds now."""
	state = consent.state(("Involvement Participant", participant), purpose)
	return bool(state and state.holds)


def require(participant: str, purpose: str) -> None:
	"""Raises NotAgreed."""
	if not agreed(participant, purpose):
		frappe.throw(_("First say yes to us keeping this."), NotAgreed)


def refuse_after_a_no(doc, fieldname: str, participant: str, purpose: str = ACCESS) -> None:
	"""Nobody types again what somebody did not want kept. Who was never asked has not said no. Raises NotAgreed."""
	if not doc.get(fieldname) or not doc.has_value_changed(fieldname):
		return
	stands = consent.state(("Involvement Participant", participant), purpose)
	if stands and not stands.holds:
		frappe.throw(
			_("{0}: they said no to keeping this. Ask them, and write down their yes first.").format(
				_(doc.meta.get_label(fieldname))
			),
			NotAgreed,
		)


def _note_what_is_due(participant: str) -> None:
	due = bool(consent.missing(("Involvement Participant", participant)))
	# bounded to the mark of this person, which follows from their consent records
	frappe.db.set_value(
		"Involvement Participant", participant, "privacy_notice_due", int(due), update_modified=False
	)


def forget_access_needs(participant: str) -> None:
	# bounded to this person's own words; no version is made of what is deleted
	frappe.db.set_value("Involvement Participant", participant, "access_note", None)
	application = frappe.qb.DocType("Involvement Application")
	# bounded to this person's own words, as above
	frappe.qb.update(application).set(application.access_needs, None).where(
		application.participant == participant
	).run()
	forget_access_requirements(participant)
	_forget_versions(participant)


def forget_access_requirements(participant: str) -> None:
	# on the table: the framework's deletion would keep a copy of what it says
	frappe.db.delete("Access Requirement", {"participant": participant})
	# bounded to this person's own answers
	frappe.db.set_value(
		"Involvement Session Attendance",
		{"participant": participant},
		"access_words",
		None,
		update_modified=False,
	)


def _forget_versions(participant: str) -> None:
	"""Versions keep the old words of a field beside the new: those of the access note go."""
	version = frappe.qb.DocType("Version")
	frappe.qb.from_(version).delete().where(
		(version.ref_doctype == "Involvement Participant")
		& (version.docname == participant)
		& version.data.like('%"access_note"%')
	).run()


def forget_wellbeing_plan(participant: str) -> None:
	# on the table: the framework's deletion would keep a copy of what it says
	frappe.db.delete("Wellbeing Support Plan", {"participant": participant})


FORGET = {ACCESS: forget_access_needs, WELLBEING: forget_wellbeing_plan}
