from frappe.model.document import Document


class PaymentRateRule(Document):
	pass
