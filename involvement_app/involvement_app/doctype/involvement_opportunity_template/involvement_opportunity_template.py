import frappe
from frappe import _
from frappe.model.document import Document

from involvement_app.involvement_app.doctype.involvement_opportunity.involvement_opportunity import (
	MOST_ESSENTIAL,
	validate_plain_words,
)
from involvement_app.involvement_app.opportunity_templates import lines


class InvolvementOpportunityTemplate(Document):
	"""Words and usual terms that a new opportunity of a type starts from (`opportunity_templates`)."""

	def validate(self):
		validate_plain_words(self)
		self.validate_needs()

	def validate_needs(self):
		needs = lines(self.needs)
		if len(needs) > MOST_ESSENTIAL:
			frappe.throw(
				_("What people need: at most {0} lines, so that nobody is kept away. There are {1}.").format(
					MOST_ESSENTIAL, len(needs)
				)
			)
