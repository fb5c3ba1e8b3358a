from frappe.model.document import Document


class InvolvementLocality(Document):
	pass
