from frappe.model.document import Document


class InvolvementParticipant(Document):
	pass
