from frappe.model.document import Document


class InvolvementOpportunityGate(Document):
	pass
