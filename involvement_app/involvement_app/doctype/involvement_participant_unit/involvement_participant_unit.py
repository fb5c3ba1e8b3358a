from frappe.model.document import Document


class InvolvementParticipantUnit(Document):
	pass
