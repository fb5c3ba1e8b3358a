// Where no money is paid through a site, its forms do not speak of any. (What an offer was worth, nobody reads: without_money.py.)
const MONEY = {
	"Involvement Opportunity": ["rate_rule", "budget", "cost_centre", "cost_in_words", "payment_on", "access_costs"],
	"Involvement Opportunity Template": ["rate_rule"],
	"Involvement Engagement": ["money_section"],
	"Involvement Participant": ["payment_section", "payment_eligibility"],
	"Involvement Preference": ["own_payment_cap", "spread_payments", "cap_period", "cap_weekday", "cap_month_day"],
	"Involvement Session": ["cancelled_payment"],
	"Involvement Unit": ["cost_centre"],
};

if (frappe.boot?.involvement_without_money) {
	for (const [doctype, fieldnames] of Object.entries(MONEY)) {
		const hide = (frm) => fieldnames.filter((name) => frm.fields_dict[name] && (!frm.fields_dict[name].df.reqd || frm.doc[name])).forEach((name) => frm.set_df_property(name, "hidden", 1));
		frappe.ui.form.on(doctype, { setup: hide, refresh: hide });
	}
}
