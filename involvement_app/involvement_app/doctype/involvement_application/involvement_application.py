from frappe.model.document import Document


class InvolvementApplication(Document):
	pass
