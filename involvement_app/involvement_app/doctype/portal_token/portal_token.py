from frappe.model.document import Document


class PortalToken(Document):
	pass
