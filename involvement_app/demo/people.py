"""Invented people, places and staff. Any likeness is chance."""

from involvement_app.setup import roles

DOMAIN = "demo.example"

UNITS = (  # name, part of, locality, cost centre
	("Riverside", None, "Otterford", ""),
	("Otterford Hub", "Riverside", "Otterford", "CC-100"),
	("Whitmere House", "Riverside", "Whitmere", "CC-200"),
	("North Towns Team", "Riverside", "Bankton", "CC-300"),
	("Young People's Team", "Riverside", "Didbourne", "CC-400"),
)
LOCALITIES = ("Otterford", "Whitmere", "Bankton", "Didbourne", "Chipping Rowe", "Abbots Ferry")

STAFF = {  # key: (first name, last name, role)
	"lead": ("Ruth", "Marlow", roles.OWNER),
	"coordinator": ("Devon", "Clarke", roles.COORDINATOR),
	"manager": ("Priya", "Nandakumar", roles.MANAGER),
	"budget": ("Tom", "Ashdown", roles.BUDGET_HOLDER),
	"finance": ("Grace", "Oyelaran", roles.FINANCE_OFFICER),
	"authoriser": ("Helen", "Birch", roles.FINANCE_AUTHORISER),
	"privacy": ("Ines", "Okoro", roles.DATA_PROTECTION),
	"hr": ("Maya", "Fenn", roles.HR_OFFICER),
	"panel": ("Leon", "Abara", roles.PANEL_MEMBER),
	"comms": ("Marek", "Dunne", roles.COMMUNICATIONS),
}

# preferred name, last name, locality, unit, channel, what makes it easier; the first few have a portal user
PARTICIPANTS = (
	("Alex", "Rowan", "Otterford", "Otterford Hub", "Email", "A quiet room and a break every hour"),
	("Samira", "Haddad", "Whitmere", "Whitmere House", "Email", "Papers a week before, in large print"),
	("Joe", "Tanner", "Bankton", "North Towns Team", "Email", ""),
	("Wren", "Li", "Didbourne", "Young People's Team", "Email", "I join by video"),
	("Maureen", "Pike", "Chipping Rowe", "North Towns Team", "Post", "Please write, I have no e-mail"),
	("Dariusz", "Nowak", "Otterford", "Otterford Hub", "Phone", ""),
	("Bea", "Whitlock", "Abbots Ferry", "Otterford Hub", "Email", "Step-free access"),
	("نور", "الخطيب", "Otterford", "Otterford Hub", "Email", "Arabic interpreter"),
	("Kofi", "Mensah", "Whitmere", "Whitmere House", "Text message", ""),
	("Imogen", "Fairley", "Bankton", "North Towns Team", "Email", "Somebody I know in the room"),
	("Ted", "Okafor", "Didbourne", "Young People's Team", "Email", ""),
	("Carys", "Llewellyn", "Otterford", "Otterford Hub", "Email", "Hearing loop"),
	("Ahmed", "Siddiqui", "Otterford", "Otterford Hub", "Email", ""),
	("Jo", "Blythe", "Whitmere", "Whitmere House", "Phone", "Taxi booked for me"),
	("Marta", "Sousa", "Bankton", "North Towns Team", "Email", ""),
	("Niall", "Brennan", "Chipping Rowe", "North Towns Team", "Email", "Start after 11"),
	("Xin", "Zhao", "Otterford", "Otterford Hub", "Email", ""),
	("Pauline", "Greaves", "Abbots Ferry", "Otterford Hub", "Post", ""),
	("Leon", "Campbell", "Didbourne", "Young People's Team", "Text message", ""),
	("Ffion", "Rees", "Otterford", "Otterford Hub", "Email", "Easy-read papers"),
	("Gurpreet", "Gill", "Whitmere", "Whitmere House", "Email", ""),
	("Odette", "Martin", "Bankton", "North Towns Team", "Email", ""),
	("Callum", "Reid", "Otterford", "Otterford Hub", "Email", ""),
	("Yusra", "Warsame", "Otterford", "Otterford Hub", "Email", "Women-only group if there is one"),
	("Brian", "Stott", "Chipping Rowe", "North Towns Team", "Phone", ""),
	("Esme", "Hartley", "Didbourne", "Young People's Team", "Email", ""),
	("Tunde", "Bello", "Otterford", "Otterford Hub", "Email", ""),
	("Sheila", "Moorcroft", "Whitmere", "Whitmere House", "Post", "Large print"),
	("Ravi", "Menon", "Bankton", "North Towns Team", "Email", ""),
	("Aoife", "Doyle", "Abbots Ferry", "Otterford Hub", "Email", ""),
	("Luca", "Ferrari", "Otterford", "Otterford Hub", "Email", ""),
	("Hannah", "Weiss", "Didbourne", "Young People's Team", "Email", ""),
	("Mo", "Farouk", "Otterford", "Otterford Hub", "Text message", ""),
	("Gwen", "Pryce", "Chipping Rowe", "North Towns Team", "Email", ""),
	("Kwame", "Asante", "Whitmere", "Whitmere House", "Email", ""),
	("Petra", "Novak", "Bankton", "North Towns Team", "Email", ""),
	("Dot", "Lawless", "Otterford", "Otterford Hub", "Post", ""),
	("Eli", "Stone", "Otterford", "Otterford Hub", "Email", ""),
	("Farah", "Aziz", "Whitmere", "Whitmere House", "Email", ""),
	("Morgan", "Vale", "Abbots Ferry", "Otterford Hub", "Email", ""),
	("Darek", "Nowak", "Otterford", "Otterford Hub", "Post", "Coffee first"),
)
# who acts for somebody: with a login, with none, and until a day that is over
SUPPORTERS = {
	3: {
		"supporter_name": "Mei Li",
		"email": "mei.li@demo.example",
		"may_places": 1,
		"may_wishes": 1,
		"days": 120,
	},
	4: {"supporter_name": "Neil Pike", "may_places": 1, "days": 90},
	6: {"supporter_name": "Jan Whitlock", "email": "jan.whitlock@demo.example", "may_needs": 1, "days": -10},
}
# under 18: how old, and whether a parent has said yes
YOUNG = {25: (16, True), 38: (15, False)}
# who is not paid here, or not yet: outcome words, never why; a manager has confirmed one authority, and the other waits for it
CONFIRMED = (20,)
PAYING = {
	11: {"trustee_or_connected": 1, "authority_reference": "Trustees' minute 21 of 2 June"},
	14: {"payment_eligibility": "Expenses only"},
	20: {"trustee_or_connected": 1, "authority_reference": "Trustees' minute 14 of 3 March"},
	22: {"payment_eligibility": "Not vouchers"},
	26: {"is_staff": 1},
}
# somebody who was put on the register twice: the record that stays, the other, how it was found out
TWICE = (5, 40, "He told us on the phone: Darek is what his friends call him.")
PORTAL_USERS = 4
PAUSED, LEFT, INTERESTED = (24, 33), (36,), (38, 39)
# joined, and still to be given the privacy notice; wrote a plan in the portal
NOT_YET_TOLD, WITH_PLAN = (37, 38, 39), (0, 2)
# would like to join: a few in each state; days ago, and what the coordinator did
_TALKED = (
	"We talked",
	{"conversation": "Would like to start small, in the mornings. Asked for papers by post."},
)
ENQUIRIES = (
	{
		"person_name": "Hattie Bloom",
		"email": "hattie.bloom@demo.example",
		"came_by": "Portal",
		"locality": "Whitmere",
		"message": "I saw the poster. I would like to help with the garden.",
		"days": 1,
		"steps": (),
	},
	{
		"person_name": "Alex Rowan",
		"email": "alex.rowan@demo.example",
		"came_by": "Portal",
		"locality": "Otterford",
		"message": "Is the forum on a Tuesday?",
		"days": 2,
		"steps": (),
	},
	{
		"person_name": "Mr Okonjo",
		"phone": "01632 960011",
		"came_by": "Phone",
		"unit": "North Towns Team",
		"message": "Rang the front desk. Happy to read leaflets.",
		"safe_contact": "After four, no voicemail",
		"days": 9,
		"steps": (),
	},
	{
		"person_name": "Lena Fisk",
		"came_by": "Drop-in",
		"unit": "Otterford Hub",
		"message": "Comes to the Thursday lunch.",
		"days": 4,
		"steps": (("Acknowledge", {}),),
	},
	{
		"person_name": "Tamsin & Jo",
		"email": "tamsin@demo.example",
		"came_by": "E-mail",
		"unit": "Otterford Hub",
		"message": "Two friends, one mailbox.",
		"days": 6,
		"steps": (("Acknowledge", {}), _TALKED),
	},
	{
		"person_name": "Walter Finch",
		"came_by": "Post",
		"unit": "North Towns Team",
		"address_line1": "4 Mill Row",
		"city": "Bankton",
		"pincode": "OX99 4QQ",
		"message": "Please write, I do not like the telephone.",
		"days": 15,
		"steps": (("Acknowledge", {}), _TALKED),
	},
	{
		"person_name": "Rosa Marchetti",
		"phone": "07700 900 455",
		"came_by": "Phone",
		"unit": "Otterford Hub",
		"message": "Would like to speak at events.",
		"days": 48,
		"steps": (("Acknowledge", {}), _TALKED, ("Join", {})),
	},
	{
		"person_name": "Idris Vaughan",
		"email": "idris.vaughan@demo.example",
		"came_by": "Portal",
		"locality": "Didbourne",
		"message": "I have an hour a week.",
		"days": 33,
		"steps": (("Acknowledge", {}), _TALKED, ("Join", {})),
	},
	{
		"person_name": "Connie Abara",
		"came_by": "Drop-in",
		"unit": "Otterford Hub",
		"address_line1": "Flat 2, 9 Quay Street",
		"city": "Otterford",
		"message": "No e-mail, no mobile. Lives round the corner.",
		"days": 21,
		"steps": (("Join", {}),),
	},
	{
		"person_name": "Piotr Zielinski",
		"email": "piotr.z@demo.example",
		"came_by": "Portal",
		"locality": "Bankton",
		"message": "Maybe later in the year.",
		"days": 40,
		"steps": (("Acknowledge", {}), ("Not now", {})),
	},
	{
		"person_name": "Deb",
		"phone": "01632 960022",
		"came_by": "Phone",
		"unit": "Otterford Hub",
		"message": "Asked about a place to live.",
		"days": 26,
		"steps": (
			(
				"Point to somebody else",
				{"signposted_to": "The housing advice line, 0800 496 0100, free, every weekday"},
			),
		),
	},
)
PLAN = {
	"what_helps": "Ten minutes outside, and nobody asking why",
	"what_to_look_out_for": "I go quiet",
	"please_do": "Ask whether I want a break",
	"please_do_not": "Put me on the spot",
	"afterwards": "A text the next day",
}

PREFERENCES = {
	0: {
		"topics_wanted": "Leaflets and websites",
		"afternoons": 1,
		"contact_frequency": "At most once a month",
	},
	1: {
		"types": [{"opportunity_type": "Recruitment panel"}],
		"topics_never": "My children",
		"way": "Online",
		"own_payment_cap": 60,
		"cap_period": "Month",
		"cap_month_day": 14,
	},
	5: {"hours_a_month": 6, "mornings": 1, "contact_frequency": "Only when they ask us"},
}
AREAS, SKILLS = ("Moving between services", "Looking after somebody"), ("Listening", "Speaking in public")
PROFILES = {
	0: {
		"experience": "Ten years of asking for help, and two of giving it",
		"areas": [{"area": AREAS[0]}],
		"skills": [{"skill": SKILLS[0]}],
	},
	9: {"experience": "I look after my brother", "areas": [{"area": AREAS[1]}]},
}
TOGETHER = "People with lived experience and staff together"
COURSES = {
	"Sitting on a panel": {
		"audience": TOGETHER,
		"covers": "How interviews work, how to ask fair questions, and how to decide together. One day, with lunch.",
		"valid_months": 24,
		"needed_for": [{"opportunity_type": "Recruitment panel", "comes_first": 1}],
		"helpers": ((0, "Leads the practice interviews"),),
	},
	"Telling your story": {
		"audience": "People with lived experience",
		"covers": "What to tell, what to keep for yourself, and how to stop. Two afternoons.",
		"valid_months": 6,
		"needed_for": [{"opportunity_type": "Ambassador", "comes_first": 0}],
		"helpers": (),
	},
}
TRAINED = (  # days ago, course, who: participants by number, staff by key
	(320, "Sitting on a panel", (*range(40), "lead", "manager")),
	(165, "Telling your story", (0, 2, 7)),
	(20, "Telling your story", (2, "coordinator")),
)
_WORDS = (
	"They came to every meeting they could, read the papers, and asked the question nobody else dared to ask."
)
CHECKS = {
	7: {
		"level": "Enhanced",
		"opportunity_type": "Mystery shopping",
		"eligibility": "Visits young people's services alone, every week",
		"outcome": "Nothing stands in the way",
	},
}
LETTERS = (
	{"number": 0, "days": 3, "wanted_for": "For a college place, by the end of the month", "step": None},
	{
		"number": 2,
		"days": 60,
		"wanted_for": "For a job in a cafe",
		"step": ("Make it ready", {"letter": _WORDS}),
	},
	{
		"number": 5,
		"days": 30,
		"wanted_for": "For a flat",
		"step": ("We cannot write it", {"kind_words": "We have not met often yet. Ask us again in spring."}),
	},
	{"number": 9, "days": 25, "wanted_for": "For a course", "step": ("Take back", {"recorded_how": "Phone"})},
)
# who speaks for the charity: since how many days, and how far it came
AMBASSADORS = (
	(0, 200, "Active"),
	(2, 90, "Paused"),
	(1, 150, "Ended"),
	(7, 60, "Not going ahead"),
	(3, 20, "Approved"),
	(5, 10, "Submitted"),
	(6, 5, "Draft"),
)
# what the first of them was asked: title, kind, days since (or, below zero, until) the day, how far it came
OCCASIONS = (
	("A talk to the county fund", "Funder meeting", 60, "Outcome recorded"),
	("Questions about our bid", "Bid", 40, "Debriefed"),
	("A talk at the network day", "Conference", 14, "Done"),
	("A talk with the Gazette", "Media", -12, "Briefed"),
	("A talk on the radio", "Media", -16, "Day moved"),
	("Meeting the housing partner", "Partner", -20, "Accepted"),
	("Opening of the new hub", "Partner", -30, "Not going ahead"),
	("Welcome of new staff", "Internal", -36, "Offered"),
	("A stall at the fair", "Internal", -38, "Proposed"),
)
# who told something in their own words: by whom, when, and how far it came
TOLD = (
	{
		"number": 0,
		"days": 80,
		"prompt": "Being involved makes me feel…",
		"words": "listened to. I said the letter was too long, and the next one was short.",
		"identity": "First name",
		"steps": ("Approve", "Put into use"),
		"uses": ({"channel": "Website", "voices": 1}, {"channel": "Print", "place": "Annual report"}),
	},
	{
		"number": 2,
		"days": 60,
		"prompt": "Co-production is important to me because…",
		"words": "we know what works. We have tried the rest.",
		"steps": ("Approve", "Put into use"),
		"uses": ({"channel": "Website", "voices": 1},),
	},
	{
		"number": 3,
		"days": 50,
		"words": "I chaired a meeting for the first time, and nobody fell asleep.",
		"steps": ("Approve", "Put into use"),
		"uses": ({"channel": "Local press", "place": "Otterford Gazette"},),
		"back": 6,
	},
	{
		"number": 1,
		"days": 70,
		"words": "I come for the biscuits and stay for the people.",
		"steps": ("Approve", "Put into use"),
		"uses": ({"channel": "Facebook", "place": "Volunteers' week"},),
		"until": 20,
		"down": True,
	},
	{"number": 0, "days": 30, "words": "It made me proud of what I know.", "steps": ("Approve",)},
	{"number": 2, "days": 9, "words": "I would do it again.", "steps": ()},
	{"number": 1, "days": 5, "words": "Being asked is a good start.", "steps": None},
	{"number": 3, "days": 4, "words": "Somebody read my idea out loud.", "steps": None, "ask": True},
)
GOALS = {0: "Chair a meeting once", 2: "Write something that others read"}
NEEDS = {
	1: {"need": "Large print", "detail": "18 point, on yellow paper", "agreed": "Print on the yellow paper"},
	3: {"need": "Help with joining online", "share_with": "Whoever runs what I take part in"},
	11: {"need": "A hearing loop", "share_with": "Whoever runs what I take part in"},
}


PAST = {
	0: {"title": "Named the new building", "took_part_on": "2023-05-16", "part": "Member", "hours": 6},
	5: {
		"title": "Chose the new manager",
		"took_part_on": "2022-11-02",
		"opportunity_type": "Recruitment panel",
	},
}
# post, how many steps of PANEL_STEPS it took, and whether it was called off then
PANEL_STEPS = ("Convene", "Start interviews", "Start scoring", "Decide", "Tell the members", "Close")
CHAIRED_BY_SOMEBODY_WITH_LIVED_EXPERIENCE = "Peer trainer"
PANELS = (
	("Team leader", 6, False),
	("Support worker, nights", 5, False),
	("Support worker, days", 4, False),
	("Peer trainer", 3, False),
	("Cook", 2, False),
	("Gardener", 1, False),
	("Receptionist", 0, False),
	("Driver", 1, True),
)
PANEL_SCORES = {
	"words_0": "Nothing of it",
	"words_1": "A little",
	"words_2": "Clearly",
	"words_3": "More than we hoped",
}
PANEL_CRITERIA = (("Listens to people", 2), ("Knows how a day goes wrong", 1))

# (number of the participant, question); `days` ago, then its steps a day later
QUESTIONS = (
	(0, {"days": 12, "question": "May I bring my sister to the next meeting?", "steps": (("Answer", {"answer": "Yes, of course. Tell us if she would like lunch too."}),)}),
	(1, {"days": 9, "question": "Thank you for the nice afternoon!", "steps": (("No answer needed", {}),)}),
	(2, {"days": 10, "question": "Is there a step at the door of the library?", "steps": ()}),
	(9, {"days": 2, "question": "When do I get my bus fare back?", "steps": ()}),
)  # fmt: skip
# (number of the participant, note); `days` ago, `follow_up_in` days later
CONTACT_NOTES = (
	(1, {"days": 8, "how": "Phone", "summary": "Asked which bus stops near the library. Told her the number 4.", "shared": 1}),
	(4, {"days": 6, "how": "In person", "summary": "Came by. Would like to chair a meeting some time.", "follow_up_in": 5, "follow_up": "Ask who could show him how"}),
	(6, {"days": 20, "how": "Post", "summary": "Wrote that the new dates suit her.", "follow_up_in": 3, "follow_up": "Send the dates in large print", "followed_up": 1}),
)  # fmt: skip


def address(first: str, last: str, number: int = 0) -> str:
	plain = f"{first}.{last}".lower().replace(" ", "").replace("'", "")
	return f"{plain}@{DOMAIN}" if plain.isascii() else f"person.{number}@{DOMAIN}"


def staff_user(key: str) -> str:
	return f"{key}@{DOMAIN}"


# expenses: (number of the person, hours ago, how far they are, the line)
def _drive(miles: float, passengers: int = 0) -> dict:
	return {
		"expense_type": "Car, motorcycle or bicycle",
		"mode": "Car or van",
		"miles": miles,
		"passengers": passengers,
		"from_place": "Home",
		"to_place": "Otterford Hub",
	}


def _care(amount: float) -> dict:
	return {
		"expense_type": "Care for somebody while you are with us",
		"amount": amount,
		"description": "A neighbour looked after my mother for three hours",
		"agreed_with": "Casey",
		"agreed": 1,
	}


def _taxi(amount: float) -> dict:
	return {
		"expense_type": "Taxi",
		"amount": amount,
		"from_place": "Home",
		"to_place": "Otterford Hub",
		"agreed_with": "Casey",
		"agreed": 1,
	}


# a white picture
SIGNED_SLIP = (
	"iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAAEElEQVR4nGP8zwABTAwUMQBJQQEPeWDz+AAAAABJRU5ErkJggg=="
)
CLAIMS = (
	*((number, 24 * (40 * number + 30), "Approved", _drive(8 + number)) for number in range(1, 6)),
	(2, 41, "Approved", _drive(12, 1)),  # put in this week's batch
	(3, 31, "Approved", _care(36)),
	(4, 30, "Cash", _drive(6)),
	(5, 28, "Cancelled", _drive(6)),
	(6, 27, "Rejected", _taxi(14)),
	(7, 26, "Returned", _care(24)),
	(8, 25, "Checked", _drive(31)),
	(9, 20, "Submitted", _taxi(9.5)),
)


# How people are paid: whose, days ago, and how far it went. Sort codes and numbers are those of the published test
# cases of the modulus check, except the last, which does not fit.
_ACCOUNTS = (
	{"account_name": "A Example", "sort_code": "089999", "account_number": "66374958"},
	{"account_name": "B Example", "sort_code": "107999", "account_number": "88837491"},
	{"account_name": "C Example", "sort_code": "089999", "account_number": "66374959"},
)
# what they had in this tax year before: the amount, and what became of it
# what a paid role counts as, where it is not ad hoc
OUTCOMES = {"Mystery shopping": "Invoice"}
PAID_BEFORE = ((180, "Approve"), (60,), (240, "Approve", "Withdraw"))

PAID_BY = (
	{"number": 3, "days": 90, "way": "Bank", "last": "Active", "account": _ACCOUNTS[0]},
	# the one before is superseded by it
	{"number": 3, "days": 40, "way": "Bank", "last": "Active", "account": _ACCOUNTS[1]},
	{"number": 5, "days": 80, "way": "Cash", "last": "Active"},
	{"number": 6, "days": 70, "way": "Bank", "last": "Active", "account": _ACCOUNTS[0]},
	# verified, and not used yet: a change waits
	{"number": 6, "days": 2, "way": "Bank", "last": "Verified", "account": _ACCOUNTS[1]},
	{"number": 8, "days": 30, "way": "Bank", "last": "Taken away", "account": _ACCOUNTS[1]},
	{"number": 9, "days": 1, "way": "Bank", "last": "Pending", "account": _ACCOUNTS[2]},
)
