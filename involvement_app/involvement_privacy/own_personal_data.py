"""What this module holds about a person (hook `involvement_personal_data`)."""

from involvement_app.involvement_privacy.personal_data import NotPersonal, PersonalData, by_dynamic_link

DECLARATIONS = {
	"Consent Statement": NotPersonal("the words everybody is told"),
	# proof of what was agreed, as long as it is relied on and six years after (domain 1.7)
	"Consent Record": PersonalData(
		by_dynamic_link("person_doctype", "person"),
		blanked=("given_by", "told_by", "evidence", "note"),
		kept=("person_doctype", "person", "decision", "method", "statement", "purpose"),
		other=("recorded_by", "text_hash"),
	),
	"Sensitive Access Log": PersonalData(
		by_dynamic_link("person_doctype", "person"),
		blanked=("reason",),
		kept=("person_doctype", "person", "document_type", "document_name", "fields_read"),
		other=("user", "acting_as", "outcome"),
	),
}
