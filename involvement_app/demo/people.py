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
)
PORTAL_USERS = 4
PAUSED, LEFT, INTERESTED = (24, 33), (36,), (38, 39)
# joined, and still to be given the privacy notice; wrote a plan in the portal
NOT_YET_TOLD, WITH_PLAN = (37, 38, 39), (0, 2)
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
GOALS = {0: "Chair a meeting once", 2: "Write something that others read"}
NEEDS = {
	1: {"need": "Large print", "detail": "18 point, on yellow paper", "agreed": "Print on the yellow paper"},
	3: {"need": "Help with joining online", "share_with": "Whoever runs what I take part in"},
	11: {"need": "A hearing loop", "share_with": "Whoever runs what I take part in"},
}


def address(first: str, last: str, number: int = 0) -> str:
	plain = f"{first}.{last}".lower().replace(" ", "").replace("'", "")
	return f"{plain}@{DOMAIN}" if plain.isascii() else f"person.{number}@{DOMAIN}"


def staff_user(key: str) -> str:
	return f"{key}@{DOMAIN}"
