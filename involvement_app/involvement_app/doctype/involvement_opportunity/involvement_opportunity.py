from frappe.model.document import Document


class InvolvementOpportunity(Document):
	pass
