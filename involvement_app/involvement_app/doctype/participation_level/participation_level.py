from frappe.model.document import Document


class ParticipationLevel(Document):
	pass
