from frappe.model.document import Document

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class PaymentOpeningPayment(Document):
	pass
