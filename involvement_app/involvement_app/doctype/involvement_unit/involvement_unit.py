from frappe.utils.nestedset import NestedSet


class InvolvementUnit(NestedSet):
	pass
