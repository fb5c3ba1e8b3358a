from frappe.model.document import Document


class ParticipantImportRow(Document):
	pass
