from frappe.model.document import Document


class InvolvementOpportunityDate(Document):
	pass
