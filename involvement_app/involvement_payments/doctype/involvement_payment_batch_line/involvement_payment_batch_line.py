from frappe.model.document import Document


class InvolvementPaymentBatchLine(Document):
	pass
