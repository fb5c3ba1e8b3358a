from frappe.model.document import Document


class InvolvementSession(Document):
	pass
