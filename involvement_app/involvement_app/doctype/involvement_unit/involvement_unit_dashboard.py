from frappe import _


def get_data() -> dict:
	"""What goes on in the unit, and on which days of the year people took part."""
	return {
		"fieldname": "unit",
		"heatmap": True,
		"heatmap_message": _("Days on which people took part here, of the sessions that you may see."),
		"transactions": [],
	}
