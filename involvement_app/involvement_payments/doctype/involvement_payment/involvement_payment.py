from frappe.model.document import Document


class InvolvementPayment(Document):
	pass
