from frappe.model.document import Document


class InvolvementExpenseClaimLine(Document):
	pass
