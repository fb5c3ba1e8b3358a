"""Starting values a site may edit or delete: inserted only where there are none yet."""

import frappe

TYPES = (
	("Consultation", "Consultation", "Engagement", 0),
	("Survey", "Consultation", "Consultation", 1),
	("Co-production group", "Co-production group", "Co-production", 0),
	("Forum", "Forum", "Engagement", 0),
	("Mystery shopping", "Mystery shopping", "Engagement", 0),
	("Recruitment panel", "Recruitment panel", "Co-production", 0),
	("Ambassador", "Ambassador", "Engagement", 0),
	("Team or board meeting", "Team or board representation", "Engagement", 0),
	("Communications review", "Communications review", "Consultation", 0),
	("Policy review", "Document or policy review", "Co-design", 0),
	("Training", "Training", "Co-design", 0),
)


# schemes in use elsewhere, as they were published (domain 1.2): to start from, never in force by themselves
SCHEMES = (
	{
		"rule_name": "Example: half or full day",
		"basis": "Half or full day",
		"amount": 100,
		"half_day_amount": 50,
		"half_day_hours": 4,
		"source": "National Voices: £50 for half a day and £100 for a full day, preparation included. Half a day is 4 hours here; write your own.",
	},
	{
		"rule_name": "Example: every three hours or part",
		"basis": "Per block of hours",
		"amount": 20,
		"block_hours": 3,
		"source": "Tees, Esk and Wear Valleys NHS Foundation Trust: £20 for up to 3 hours, and for every 3 hours or part thereafter.",
	},
	{
		"rule_name": "Example: online or at home",
		"basis": "Flat per session",
		"amount": 5,
		"role_level": "Online or at home",
		"source": "Ace Centre: £5 for each meeting at home or online, for the connection.",
	},
)


POLICYENGINE = "PolicyEngine UK's parameters of the law (github.com/PolicyEngine/policyengine-uk), read on 17 August 2026"
# of the tax year 2026/27 (domain 1.3); those that were not read at their source have no day on which they were checked
FIGURES = (
	{
		"code": "uc-allowance-no-housing",
		"title": "Universal Credit: what one can earn before it goes down, without help for housing. Only for people with a child, or with limited capability for work",
		"figure": 710,
		"unit": "Pounds a month",
		"source": POLICYENGINE,
		"checked_on": "2026-08-17",
	},
	{
		"code": "uc-allowance-housing",
		"title": "Universal Credit: what one can earn before it goes down, with help for housing. Only for people with a child, or with limited capability for work",
		"figure": 427,
		"unit": "Pounds a month",
		"source": POLICYENGINE,
		"checked_on": "2026-08-17",
	},
	{
		"code": "uc-taper",
		"title": "Universal Credit: how much it goes down for what is earned beyond that",
		"figure": 55,
		"unit": "Per cent",
		"source": POLICYENGINE,
		"checked_on": "2026-08-17",
	},
	{
		"code": "esa-permitted-work",
		"title": "New Style Employment and Support Allowance: permitted work, under 16 hours",
		"figure": 203.5,
		"unit": "Pounds a week",
		"source": "16 times the National Living Wage of £12.71, rounded up to 50p. Worked out, not read: check it at gov.uk.",
	},
	{
		"code": "carers-allowance",
		"title": "Carer's Allowance: earnings limit. One pound more, and all of it stops",
		"figure": 204,
		"unit": "Pounds a week",
		"source": "One report in the press. Not read at its source: check it at gov.uk.",
	},
)


# what people spend to take part; each charity writes its own
EXPENSES = (
	("Bus, tram or train", "Amount", 0, "The price of your ticket."),
	("Car, motorcycle or bicycle", "Mileage", 0, "We pay for each mile."),
	("Parking", "Amount", 0, ""),
	("Taxi", "Amount", 1, "Ask us first. We say yes when there is no other way."),
	(
		"Care for somebody while you are with us",
		"Amount",
		1,
		"For a child, or somebody you look after. Ask us first.",
	),
	("Food and drink", "Amount", 0, "When you are with us over a meal."),
	("Paper, printing, phone", "Amount", 0, ""),
	("Something else", "Amount", 1, "Ask us first."),
)
HMRC = "Approved mileage allowance payments: Income Tax (Earnings and Pensions) Act 2003, ss 230 and 234. The same from 6 April 2011; compare it with gov.uk each April."
# mode, pence a mile, threshold, pence beyond it, pence for a passenger (domain 1.4)
MILEAGE = (("Car or van", 45, 10000, 25, 5), ("Motorcycle", 24, 0, 0, 0), ("Bicycle", 20, 0, 0, 0))


def expenses() -> None:
	"""Kinds of expenses and mileage rates, where a site has none."""
	if not frappe.db.count("Expense Type"):
		for number, (name, basis, needs_yes, help_text) in enumerate(EXPENSES, 1):
			frappe.get_doc(
				doctype="Expense Type",
				type_name=name,
				basis=basis,
				needs_pre_approval=needs_yes,
				help_text=help_text,
				order_number=10 * number,
			).insert(ignore_permissions=True)  # install, as Administrator
	if not frappe.db.count("Mileage Rate"):
		for mode, pence, threshold, after, passenger in MILEAGE:
			frappe.get_doc(
				doctype="Mileage Rate",
				mode=mode,
				per_mile=pence / 100,
				threshold_miles=threshold,
				per_mile_after=after / 100,
				per_passenger=passenger / 100,
				valid_from="2011-04-06",
				source=HMRC,
			).insert(ignore_permissions=True)  # install, as Administrator


def benefit_figures() -> None:
	for values in FIGURES:
		if not frappe.db.exists("Benefit Threshold", {"code": values["code"]}):
			checked = {"checked_by": "Who wrote this app"} if values.get("checked_on") else {}
			frappe.get_doc(
				doctype="Benefit Threshold",
				valid_from="2026-04-06",
				valid_to="2027-04-05",
				**values,
				**checked,
			).insert(ignore_permissions=True)  # install, as Administrator


# to start from, never in use by themselves: a bank changes its guide without telling us
LAYOUTS = (
	{
		"title": "Example: sort code, name, account, amount, reference, 99",
		"source": "An example of ours, of no particular bank: without headings, with the code for a credit in the last column. Write your own from the guide your bank gives you.",
		"with_header": 0,
		"columns": (
			("Sort code", 0, ""),
			("Account name", 18, ""),
			("Account number", 0, ""),
			("Amount", 0, ""),
			("Reference", 18, ""),
			("Fixed words", 0, "99"),
		),
	},
	{
		"title": "Example: name, sort code, account, reference, amount, with headings",
		"source": "An example of ours, of no particular bank. Write your own from the guide your bank gives you.",
		"with_header": 1,
		"columns": (
			("Account name", 18, ""),
			("Sort code with dashes", 0, ""),
			("Account number", 0, ""),
			("Reference", 18, ""),
			("Amount", 0, ""),
		),
	},
	{
		"title": "Example: PayGate, for Bacs through a bureau",
		"source": "PayGate's published format of payments, column by column (https://portal.paygate.cloud/PaygateEnterprise2.1.2/BACSPaymentEditorCSVFormat.html, looked at on 23 November 2026). Write your own sort code, account and name into the fixed words.",
		"with_header": 0,
		"columns": (
			("Sort code", 0, ""),
			("Account number", 0, ""),
			("Account name", 18, ""),
			("Amount", 0, ""),
			("Fixed words", 0, "99"),
			("Fixed words", 0, "000000"),
			("Fixed words", 0, "00000000"),
			("Fixed words", 18, "OUR NAME"),
			("Reference", 18, ""),
			("Payment day", 0, ""),
		),
	},
	{
		"title": "Example: NatWest, RBS or Ulster Bank (Bankline, domestic payments)",
		"source": "Fields H001 to H003 and T001 to T082 of the bank's “Bankline import file layout guide, CSV format”, section 4.2, as bankline_csv_import_file quotes its example (https://github.com/barsoom/bankline_csv_import_file); Coutts publishes the same cells (https://www.coutts.com/help-centre/coutts-online/payments/coutts-upload-guide.html). Both looked at on 23 November 2026. Write your own account below, and compare it with the guide that your bank gives you.",
		"with_header": 0,
		"extension": "txt",
		"date_format": "DDMMYYYY",
		"encoding": "Capitals of Bacs",
		"columns": (
			("Nothing", 0, "", 3),
			("Fixed words", 0, "01"),
			("Nothing", 0, "", 8),
			("Our account", 0, ""),
			("Nothing", 0, "", 3),
			("Amount", 0, ""),
			("Nothing", 0, ""),
			("Payment day", 0, ""),
			("Nothing", 0, "", 5),
			("Sort code", 0, ""),
			("Nothing", 0, "", 5),
			("Account number", 0, ""),
			("Nothing", 0, ""),
			("Account name", 35, ""),
			("Nothing", 0, "", 3),
			("Reference", 18, ""),
			("Nothing", 0, "", 48),
		),
	},
	{
		"title": "Example: Lloyds Bank or Bank of Scotland (Commercial Banking Online, Faster Payments)",
		"source": "First row, rows and last row as paiyroll gives them for Bank of Scotland (https://login.paiyroll.com/static/sphinx/html/user/guides/GB/bacs_file.html); that the first row has the day of the import and a number of its own, and the last row is T, as Lloyds Bank says (http://resources.lloydsbank.com/cbonlineupgrade/help-and-guidance/payments/importing-payments/). Both looked at on 23 November 2026. Write your own account below and your name into the fixed words, and compare it with the guide that your bank gives you.",
		"with_header": 0,
		"date_format": "YYYYMMDD",
		"first_lines": "H,{today},{number}",
		"last_lines": "T",
		"columns": (
			("Fixed words", 0, "FPS"),
			("Payment day", 0, ""),
			("Amount", 0, ""),
			("Fixed words", 18, "OUR NAME"),
			("Our account with a dash", 0, ""),
			("Account name", 18, ""),
			("Account number", 0, ""),
			("Sort code", 0, ""),
			("Reference", 18, ""),
		),
	},
)


def bank_layouts() -> None:
	if not frappe.db.count("Bank File Layout"):
		example_layouts(LAYOUTS)


def example_layouts(layouts) -> None:
	for values in layouts:
		columns = [
			dict(zip(("holds", "most", "fixed_words", "times"), column, strict=False))
			for column in values["columns"]
		]
		frappe.get_doc(doctype="Bank File Layout", format="CSV", **{**values, "columns": columns}).insert(
			ignore_permissions=True  # install, as Administrator
		)


def payment_schemes() -> None:
	for values in SCHEMES:
		if not frappe.db.exists("Payment Rate Rule", values["rule_name"]):
			frappe.get_doc(
				doctype="Payment Rate Rule", status="Switched off", valid_from="2026-04-06", **values
			).insert(ignore_permissions=True)  # install, as Administrator


def create() -> None:
	if not frappe.db.count("Involvement Type"):
		for name, category, level, is_survey in TYPES:
			frappe.get_doc(
				doctype="Involvement Type",
				type_name=name,
				category=category,
				default_level=level,
				is_survey=is_survey,
			).insert(ignore_permissions=True)  # install, as Administrator


def settings_defaults() -> None:
	"""A Single has no row until it is first saved, and then its defaults count for nothing."""
	settings = frappe.get_single("Involvement Settings")
	if not settings.reply_days:
		for df in settings.meta.fields:
			if df.default and not settings.get(df.fieldname):
				settings.set(df.fieldname, df.default)
		settings.flags.ignore_permissions = True  # install, as Administrator
		settings.save()
