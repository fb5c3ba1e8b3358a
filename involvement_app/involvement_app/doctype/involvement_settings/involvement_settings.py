from frappe.model.document import Document


class InvolvementSettings(Document):
	pass
