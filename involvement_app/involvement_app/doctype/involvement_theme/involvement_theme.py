from frappe.model.document import Document


class InvolvementTheme(Document):
	pass
