from frappe.model.document import Document


class InvolvementMessage(Document):
	pass
