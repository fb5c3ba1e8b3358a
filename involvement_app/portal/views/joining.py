"""“I would like to join”, for anybody. Whether we know somebody plays no part in any answer: nobody is looked up."""

from frappe import _
from frappe.utils import today

from involvement_app.involvement_app import enquiries, phones
from involvement_app.involvement_app.doctype.expression_of_interest.expression_of_interest import LONGEST
from involvement_app.portal import reads
from involvement_app.portal.responses import page, see_other
from involvement_app.portal.visit import Problem, Refused
from involvement_app.working_days import add_working_days, closed

MOST_WORDS = 2000
# no person sees this box; what fills in forms by itself does
TRAP = "homepage"
REACHED_BY = {  # the channel → the input it needs
	"Email": "email",
	"Phone": "phone",
	"Text message": "phone",
	"Post": "address_line1",
}


def join_page(visit):
	if visit.participant:
		return see_other("/take-part/my")
	return page(
		visit,
		"join.html",
		_("Tell us that you would like to join"),
		ways=REACHED_BY,
		localities=reads.localities(),
		trap=TRAP,
		keep_days=enquiries.keep_days(),
	)


def join(visit):
	if visit.participant:
		return see_other("/take-part/my")
	_not_a_machine(visit)
	values, problems = _read(visit)
	if problems:
		raise Refused(*problems)
	enquiries.take(values)
	return see_other("/take-part/join/sent")


def sent(visit):
	day = add_working_days(today(), visit.settings.acknowledge_working_days or 0, closed)
	return page(visit, "join_sent.html", _("Thank you. We have what you wrote"), day=day)


def _not_a_machine(visit) -> None:
	"""Nothing is lost for a person whose browser filled it in: the box is shown, and empty, the next time."""
	if visit.typed(TRAP):
		raise Refused(Problem(_("Leave this box empty, then send it again."), TRAP))


def _read(visit) -> tuple[dict, list[Problem]]:
	"""The form's values and everything that has to be put right, all at once."""
	problems: list[Problem] = []
	values = {
		name: _typed(visit, name, label, most, problems)
		for name, label, most in (
			("person_name", _("Your name"), LONGEST),
			("email", _("E-mail address"), LONGEST),
			("phone", _("Phone number"), LONGEST),
			("address_line1", _("Address"), LONGEST),
			("address_line2", _("Address, second line"), LONGEST),
			("city", _("Town"), LONGEST),
			("pincode", _("Postcode"), LONGEST),
			("message", _("What you wrote"), MOST_WORDS),
			("safe_contact", _("When it is safe to reach you"), MOST_WORDS),
		)
	}
	values["locality"] = _one_of(visit.kept("locality"), reads.localities())
	values["preferred_channel"] = _one_of(visit.kept("preferred_channel"), list(REACHED_BY))
	if not problems:
		problems = [*_check_name(values), *_check_ways(values)]
	return values, problems


def _typed(visit, name: str, label: str, most: int, problems: list[Problem]) -> str:
	try:
		return visit.typed(name, most, label)
	except Refused as refused:
		problems.extend(refused.problems)
		return ""


def _one_of(value: str, known: list[str]) -> str | None:
	return value if value in known else None


def _check_name(values: dict) -> list[Problem]:
	if " ".join(values["person_name"].split()):
		return []
	return [Problem(_("Tell us your name. Any name you like to be called is fine."), "person_name")]


def _check_ways(values: dict) -> list[Problem]:
	problems = []
	if values["email"] and not enquiries.is_an_address(values["email"]):
		problems.append(Problem(_("Check your e-mail address. It looks like name@example.com"), "email"))
	if values["phone"] and not phones.comparable(values["phone"], phones.region()):
		problems.append(
			Problem(
				_("Check your phone number. Write one number with all its digits, like 07700 900 982"),
				"phone",
			)
		)
	if values["address_line1"] and not values["city"]:
		problems.append(Problem(_("Write your town too, so that a letter finds you"), "city"))
	wanted = REACHED_BY.get(values["preferred_channel"] or "")
	if wanted and not values[wanted]:
		problems.append(Problem(_wanting(wanted), wanted))
	if not (problems or values["email"] or values["phone"] or values["address_line1"]):
		problems.append(
			Problem(
				_("Give us one way to reach you: an e-mail address, a phone number or an address"), "email"
			)
		)
	return problems


def _wanting(name: str) -> str:
	return {
		"email": _("Write your e-mail address, or choose another way to hear from us"),
		"phone": _("Write your phone number, or choose another way to hear from us"),
		"address_line1": _("Write your address, or choose another way to hear from us"),
	}[name]
