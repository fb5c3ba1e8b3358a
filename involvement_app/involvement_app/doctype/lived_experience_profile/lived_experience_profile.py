from involvement_app.involvement_app import assisted
from involvement_app.lifecycle import ServerManagedDocument

exclude_from_linked_with = True  # Frappe shows linked rows to anybody


class LivedExperienceProfile(ServerManagedDocument):
	"""What somebody knows from their own life and is good at, in their own words (row 0.11). Apart from the register,
	and never kept as a version: it says more about a person than anything else here."""

	def validate(self):
		assisted.refuse_strangers(self)
		assisted.note_who_told(self)
