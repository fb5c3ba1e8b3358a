from frappe.model.document import Document


class ParticipantImport(Document):
	pass
