from frappe.model.document import Document


class InvolvementEngagement(Document):
	pass
