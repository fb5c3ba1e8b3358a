from frappe.model.document import Document


class InvolvementPaymentBatch(Document):
	pass
