from frappe.model.document import Document


class InvolvementSessionAttendance(Document):
	pass
