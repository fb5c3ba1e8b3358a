from involvement_app import catalogue as _catalogue

app_name = "involvement_app"
app_title = "Involvement App"
app_publisher = "The involvement_app team"
app_description = "Service user involvement for charities and care providers"
app_email = "hello@involvement-app.example"
app_license = "MIT"

before_install = "involvement_app.install.before_install"
# install knows the mechanisms alone: what else a site starts with is named here
_statements = "involvement_app.involvement_app.statements.create"
_needs = "involvement_app.involvement_app.needs.create"
_templates = "involvement_app.involvement_app.opportunity_templates.create"
_with_hr = "involvement_app.involvement_app.panels.hrms.create"
_with_ledger = "involvement_app.involvement_payments.journal_entries.create"
_beside_others = [_with_hr, _with_ledger]
after_install = ["involvement_app.install.after_install", _statements, _needs, _templates, *_beside_others]
after_migrate = [
	"involvement_app.install.after_migrate",
	_statements,
	*_beside_others,
	"involvement_app.involvement_payments.without_money.after_migrate",
]
after_app_install = _beside_others
after_app_uninstall = [
	"involvement_app.involvement_app.panels.hrms.remove",
	"involvement_app.involvement_payments.journal_entries.remove",
]
before_uninstall = [
	"involvement_app.uninstall.before_uninstall",
	"involvement_app.involvement_payments.journal_entries.remove",
]

export_python_type_annotations = True
require_type_annotated_api_methods = True

add_to_apps_screen = [
	{
		"name": "involvement_app",
		"logo": "/assets/involvement_app/images/logo.svg",
		"title": "Involvement",
		"route": "/app/involvement",
		"has_permission": "involvement_app.permissions.has_app_permission",
	}
]

# Fixtures are re-inserted by every migrate: only what no site edits.
fixtures = ["Participation Level"]

app_include_js = ["involvement_desk.bundle.js"]
doctype_list_js = {"Contact": "public/js/contact_list.js"}
extend_bootinfo = [
	"involvement_app.lifecycle.desk.boot",
	"involvement_app.involvement_payments.without_money.boot",
	"involvement_app.involvement_payments.second_factor.boot",
]

before_request = ["involvement_app.portal.interception.before_request"]
after_request = [
	"involvement_app.involvement_privacy.private_files.after_request",
	"involvement_app.permissions.guests.after_request",
	"involvement_app.portal.interception.after_request",
]
page_renderer = ["involvement_app.portal.Renderer"]
# asked of the register: a role would tell every signed-in user who takes part
get_website_user_home_page = "involvement_app.involvement_app.portal_access.home_page"
# the public page, the same for everybody who signs in to the CRM's portal
standard_portal_menu_items = [
	{"title": "Take part", "route": "/take-part", "reference_doctype": "", "role": ""}
]

_app = "involvement_app.involvement_app.doctype"
_payments = "involvement_app.involvement_payments.doctype"
_privacy = "involvement_app.involvement_privacy.doctype"

# Mechanisms find each doctype's own declaration here (docs/architecture.md).
involvement_lifecycles = {
	"Involvement Participant": f"{_app}.involvement_participant.lifecycle.LIFECYCLE",
	"Involvement Opportunity": f"{_app}.involvement_opportunity.lifecycle.LIFECYCLE",
	"Involvement Application": f"{_app}.involvement_application.lifecycle.LIFECYCLE",
	"Involvement Engagement": f"{_app}.involvement_engagement.lifecycle.LIFECYCLE",
	"Involvement Session": f"{_app}.involvement_session.lifecycle.LIFECYCLE",
	"Involvement Payment": f"{_payments}.involvement_payment.lifecycle.LIFECYCLE",
	"Involvement Payment Batch": f"{_payments}.involvement_payment_batch.lifecycle.LIFECYCLE",
	"Expression of Interest": f"{_app}.expression_of_interest.lifecycle.LIFECYCLE",
	"Payment Rate Rule": f"{_app}.payment_rate_rule.lifecycle.LIFECYCLE",
	"Reference Letter": f"{_app}.reference_letter.lifecycle.LIFECYCLE",
	"Participant Question": f"{_app}.participant_question.lifecycle.LIFECYCLE",
	"Opportunity Reviewer": f"{_app}.opportunity_reviewer.lifecycle.LIFECYCLE",
	"Feedback Obligation": f"{_app}.feedback_obligation.lifecycle.LIFECYCLE",
	"Involvement Invitation": f"{_app}.involvement_invitation.lifecycle.LIFECYCLE",
	"Recruitment Panel": f"{_app}.recruitment_panel.lifecycle.LIFECYCLE",
	"Participant Story": f"{_app}.participant_story.lifecycle.LIFECYCLE",
	"Story Takedown": f"{_app}.story_takedown.lifecycle.LIFECYCLE",
	"Ambassador Role": f"{_app}.ambassador_role.lifecycle.LIFECYCLE",
	"Ambassador Assignment": f"{_app}.ambassador_assignment.lifecycle.LIFECYCLE",
	"Opportunity Selector": f"{_app}.opportunity_selector.lifecycle.LIFECYCLE",
	"Involvement Expense Claim": f"{_payments}.involvement_expense_claim.lifecycle.LIFECYCLE",
	"Participant Bank Detail": f"{_payments}.participant_bank_detail.lifecycle.LIFECYCLE",
	"Ledger Handover": f"{_payments}.ledger_handover.lifecycle.LIFECYCLE",
	"Payment Opening Total": f"{_payments}.payment_opening_total.lifecycle.LIFECYCLE",
}

_criteria = {
	"Involvement Participant": f"{_app}.involvement_participant.criterion",
	"Involvement Opportunity": f"{_app}.involvement_opportunity.criterion",
	"Involvement Application": f"{_app}.involvement_application.criterion",
	"Involvement Engagement": f"{_app}.involvement_engagement.criterion",
	"Involvement Session": f"{_app}.involvement_session.criterion",
	"Involvement Preference": f"{_app}.involvement_preference.criterion",
	"Access Requirement": f"{_app}.access_requirement.criterion",
	"Lived Experience Profile": f"{_app}.lived_experience_profile.criterion",
	"Personal Goal": f"{_app}.personal_goal.criterion",
	"Involvement Message": f"{_app}.involvement_message.criterion",
	"Participant Import": f"{_app}.participant_import.criterion",
	"Participant Import Row": f"{_app}.participant_import_row.criterion",
	"Portal Token": f"{_app}.portal_token.criterion",
	"Wellbeing Support Plan": f"{_app}.wellbeing_support_plan.criterion",
	"Involvement Payment": f"{_payments}.involvement_payment.criterion",
	"Involvement Payment Batch": f"{_payments}.involvement_payment_batch.criterion",
	"Consent Record": f"{_privacy}.consent_record.criterion",
	"Sensitive Access Log": f"{_privacy}.sensitive_access_log.criterion",
	"Expression of Interest": f"{_app}.expression_of_interest.criterion",
	"Participant Merge": f"{_app}.participant_merge.criterion",
	"Participant Supporter": f"{_app}.participant_supporter.criterion",
	"Training Course": f"{_app}.training_course.criterion",
	"Training Record": f"{_app}.training_record.criterion",
	"Reference Letter": f"{_app}.reference_letter.criterion",
	"Participant Check": f"{_app}.participant_check.criterion",
	"Participant Question": f"{_app}.participant_question.criterion",
	"Participant Contact Note": f"{_app}.participant_contact_note.criterion",
	"Past Involvement": f"{_app}.past_involvement.criterion",
	"Opportunity Reviewer": f"{_app}.opportunity_reviewer.criterion",
	"Selection Score": f"{_app}.selection_score.criterion",
	"Feedback Obligation": f"{_app}.feedback_obligation.criterion",
	"Experience Feedback": f"{_app}.experience_feedback.criterion",
	"Experience Feedback Receipt": f"{_app}.experience_feedback_receipt.criterion",
	"Involvement Invitation": f"{_app}.involvement_invitation.criterion",
	"Recruitment Panel": f"{_app}.recruitment_panel.criterion",
	"Panel Score": f"{_app}.panel_score.criterion",
	"Media Consent": f"{_app}.media_consent.criterion",
	"Participant Story": f"{_app}.participant_story.criterion",
	"Story Takedown": f"{_app}.story_takedown.criterion",
	"Ambassador Role": f"{_app}.ambassador_role.criterion",
	"Ambassador Assignment": f"{_app}.ambassador_assignment.criterion",
	"Opportunity Selector": f"{_app}.opportunity_selector.criterion",
	"Involvement Expense Claim": f"{_payments}.involvement_expense_claim.criterion",
	"Participant Bank Detail": f"{_payments}.participant_bank_detail.criterion",
	"Bank File Layout": f"{_payments}.bank_file_layout.criterion",
	"Ledger Handover": f"{_payments}.ledger_handover.criterion",
	"Payment Opening Total": f"{_payments}.payment_opening_total.criterion",
	"Recruitment Count": "involvement_app.involvement_app.doctype.recruitment_count.criterion",
}
permission_query_conditions = {doctype: f"{path}.conditions" for doctype, path in _criteria.items()}
has_permission = {doctype: f"{path}.has_permission" for doctype, path in _criteria.items()}
# a child table is listed on its own by the API: its rows follow the parent's criterion
permission_query_conditions.update(
	{
		"Involvement Participant Unit": f"{_app}.involvement_participant.criterion.unit_conditions",
		"Involvement Preference Type": f"{_app}.involvement_preference.criterion.type_conditions",
		"Involvement Preference Level": f"{_app}.involvement_preference.criterion.level_conditions",
		"Lived Experience Profile Area": f"{_app}.lived_experience_profile.criterion.area_conditions",
		"Lived Experience Profile Skill": f"{_app}.lived_experience_profile.criterion.skill_conditions",
		"Involvement Opportunity Date": f"{_app}.involvement_opportunity.criterion.date_conditions",
		"Involvement Opportunity Gate": f"{_app}.involvement_opportunity.criterion.gate_conditions",
		"Involvement Opportunity Criterion": f"{_app}.involvement_opportunity.criterion.criterion_conditions",
		"Involvement Opportunity Co-lead": f"{_app}.involvement_opportunity.criterion.co_lead_conditions",
		"Selection Score Line": f"{_app}.selection_score.criterion.line_conditions",
		"Recruitment Panel Member": f"{_app}.recruitment_panel.criterion.member_conditions",
		"Recruitment Panel Provision": f"{_app}.recruitment_panel.criterion.provision_conditions",
		"Recruitment Panel Question": f"{_app}.recruitment_panel.criterion.question_conditions",
		"Recruitment Panel Criterion": f"{_app}.recruitment_panel.criterion.criterion_conditions",
		"Recruitment Panel Candidate": f"{_app}.recruitment_panel.criterion.candidate_conditions",
		"Panel Score Line": f"{_app}.panel_score.criterion.line_conditions",
		"Involvement Session Attendance": f"{_app}.involvement_session.criterion.attendance_conditions",
		"Involvement Session Paper": f"{_app}.involvement_session.criterion.paper_conditions",
		"Involvement Session Task": f"{_app}.involvement_session.criterion.task_conditions",
		"Participant Supporter Act": f"{_app}.participant_supporter.criterion.act_conditions",
		"Training Course Need": f"{_app}.training_course.criterion.need_conditions",
		"Training Course Facilitator": f"{_app}.training_course.criterion.facilitator_conditions",
		"Participant Story Use": f"{_app}.participant_story.criterion.use_conditions",
		"Bank File Layout Column": f"{_payments}.bank_file_layout.criterion.column_conditions",
		"Involvement Payment Batch Line": f"{_payments}.involvement_payment_batch.criterion.line_conditions",
		"Payment Batch Reversal": f"{_payments}.involvement_payment_batch.criterion.reversal_conditions",
		"Involvement Expense Claim Line": f"{_payments}.involvement_expense_claim.criterion.line_conditions",
		"Payment Opening Payment": f"{_payments}.payment_opening_total.criterion.recent_conditions",
	}
)
# about money, and about nobody: where no money is paid they are not shown either
_money = (
	"Payment Rate Rule",
	"Role Status Determination",
	"Approval Limit",
	"Benefit Threshold",
	"Expense Type",
	"Mileage Rate",
)
# about nobody: who may read one of them (matrix.json) may read all
involvement_masters = [
	"Involvement Settings",
	"Involvement Opportunity Template",
	"Involvement Type",
	"Involvement Unit",
	"Involvement Locality",
	"Involvement Theme",
	"Access Need Type",
	"Lived Experience Area",
	"Involvement Skill",
	"Participation Level",
	*_money,
	"Consent Statement",
]
# deny by default: shown to nobody until they have a row in matrix.json and a criterion, or are named a master
involvement_undeclared = _catalogue.undeclared(
	set(_criteria), set(involvement_masters), set(permission_query_conditions) - set(_criteria)
)
_denied = "involvement_app.permissions.undeclared"
permission_query_conditions.update({doctype: f"{_denied}_conditions" for doctype in involvement_undeclared})
has_permission.update({doctype: f"{_denied}_has_permission" for doctype in involvement_undeclared})
involvement_unshared = [*_criteria, *involvement_undeclared]
_without_money = "involvement_app.involvement_payments.without_money"
permission_query_conditions.update({doctype: f"{_without_money}.conditions" for doctype in _money})
has_permission.update({doctype: f"{_without_money}.has_permission" for doctype in _money})
# what the framework keeps about our documents follows them
_attached = "involvement_app.permissions.attached"
permission_query_conditions["File"] = f"{_attached}.file_conditions"
permission_query_conditions["Tag Link"] = f"{_attached}.tag_conditions"
has_permission["File"] = f"{_attached}.may_read_file"
has_permission["Tag Link"] = f"{_attached}.may_read_tag"
has_permission["Number Card"] = f"{_attached}.may_see_card"
has_permission["Dashboard Chart"] = f"{_attached}.may_see_chart"
_doors = "involvement_app.permissions.doors"
_auto_repeat = "frappe.automation.doctype.auto_repeat.auto_repeat"
_workflow_mail = "frappe.workflow.doctype.workflow_action.workflow_action"
# doctype → the tick by which the files of a row are only for those who may read the tick
involvement_files_kept_back = {"Involvement Expense Claim": "visit"}
# whose private files are logged when they are fetched by their address
involvement_logged_files = {
	"Involvement Expense Claim": "receipts and signed slips",
	"Involvement Payment Batch": "bank files and signed slips",
	"Participant Bank Detail": "what proves an account",
}
override_whitelisted_methods = {
	"frappe.client.get_count": f"{_doors}.get_count",
	f"{_auto_repeat}.generate_message_preview": f"{_doors}.generate_message_preview",
	"frappe.contacts.doctype.contact.contact.get_contact_details": f"{_doors}.get_contact_details",
	"frappe.core.api.file.unzip_file": f"{_doors}.unzip_file",
	"frappe.core.api.file.zip_files": f"{_doors}.zip_files",
	"frappe.core.doctype.file.file.unzip_file": f"{_doors}.unzip_file",
	"frappe.core.doctype.file.file.zip_files": f"{_doors}.zip_files",
	"frappe.core.doctype.communication.email.make": f"{_doors}.make_mail",
	"frappe.core.doctype.sms_settings.sms_settings.get_contact_number": f"{_doors}.get_contact_number",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": f"{_doors}.get_chart",
	"frappe.desk.doctype.tag.tag.add_tag": f"{_doors}.add_tag",
	"frappe.desk.doctype.tag.tag.add_tags": f"{_doors}.add_tags",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": f"{_doors}.get_tagged_docs",
	"frappe.desk.doctype.tag.tag.remove_tag": f"{_doors}.remove_tag",
	"frappe.desk.form.linked_with.get": f"{_doors}.get_linked",
	"frappe.desk.form.linked_with.get_submitted_linked_docs": f"{_doors}.get_submitted_linked_docs",
	"frappe.desk.form.load.get_docinfo": f"{_doors}.get_docinfo",
	"frappe.desk.form.load.getdoc": f"{_doors}.getdoc",
	"frappe.desk.like.toggle_like": f"{_doors}.toggle_like",
	"frappe.desk.listview.get_group_by_count": f"{_doors}.get_group_by_count",
	"frappe.desk.notifications.get_open_count": f"{_doors}.get_open_count",
	"frappe.desk.query_report.export_query": f"{_doors}.export_report",
	"frappe.desk.query_report.get_data_for_custom_field": f"{_doors}.get_data_for_custom_field",
	"frappe.desk.query_report.run": f"{_doors}.run_report",
	"frappe.desk.search.get_link_title": f"{_doors}.get_link_title",
	"frappe.desk.search.search_link": f"{_doors}.search_link",
	"frappe.desk.search.search_widget": f"{_doors}.search_widget",
	"frappe.utils.goal.get_monthly_goal_graph_data": f"{_doors}.get_monthly_goal_graph_data",
	f"{_workflow_mail}.apply_action": "involvement_app.lifecycle.mail_links.apply_action",
	f"{_workflow_mail}.confirm_action": "involvement_app.lifecycle.mail_links.confirm_action",
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": f"{_doors}.get_workflow_state_count",
	"frappe.core.doctype.user.user.reset_password": "involvement_app.portal.frappe_doors.reset_password",
	"frappe.www.login.send_login_link": "involvement_app.portal.frappe_doors.send_login_link",
}

involvement_messages = [
	"involvement_app.involvement_app.doctype.involvement_application.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.involvement_session.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.access_requirement.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.involvement_invitation.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.involvement_opportunity.messages.TEMPLATES",
	"involvement_app.involvement_payments.doctype.involvement_payment.messages.TEMPLATES",
	"involvement_app.involvement_payments.doctype.involvement_expense_claim.messages.TEMPLATES",
	"involvement_app.involvement_payments.doctype.participant_bank_detail.messages.TEMPLATES",
	"involvement_app.involvement_payments.doctype.involvement_payment_batch.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.involvement_participant.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.expression_of_interest.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.participant_supporter.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.training_record.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.reference_letter.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.participant_check.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.opportunity_reviewer.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.opportunity_selector.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.participant_question.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.participant_contact_note.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.feedback_obligation.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.recruitment_panel.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.participant_story.messages.TEMPLATES",
	"involvement_app.involvement_app.doctype.ambassador_role.messages.TEMPLATES",
	"involvement_app.portal.messages.TEMPLATES",
]
involvement_recipients = {
	"Involvement Participant": "involvement_app.involvement_app.participants.recipient",
	"Expression of Interest": "involvement_app.involvement_app.enquiries.recipient",
}

# Privacy knows no module: who a person is, what is sensitive and what is personal is said here.
involvement_people = {"Involvement Participant": f"{_app}.involvement_participant.criterion.criterion"}
involvement_sensitive = {
	"Wellbeing Support Plan": f"{_app}.wellbeing_support_plan.sensitive.SENSITIVE",
	"Participant Bank Detail": f"{_payments}.participant_bank_detail.sensitive.SENSITIVE",
}
involvement_consent_changed = [
	"involvement_app.involvement_app.consents.on_change",
	"involvement_app.involvement_app.media.on_consent",
]
involvement_personal_data = [
	"involvement_app.involvement_app.personal_data.DECLARATIONS",
	"involvement_app.involvement_payments.personal_data.DECLARATIONS",
	"involvement_app.involvement_privacy.own_personal_data.DECLARATIONS",
]
# two records of one person: what goes along, what stands in the way, who has something to do afterwards
involvement_merge = [
	"involvement_app.involvement_app.merge_rows.DECLARATIONS",
	"involvement_app.involvement_payments.merging.DECLARATIONS",
]
involvement_merge_conflicts = [
	"involvement_app.involvement_app.merging.conflicts",
	"involvement_app.involvement_payments.merging.conflicts",
	"involvement_app.involvement_payments.shared_receipts.conflicts",
]
# what is promised to a person and not done yet, for the top of their form
involvement_owed = [
	"involvement_app.involvement_payments.owed.payments",
	"involvement_app.involvement_payments.owed.expenses",
	"involvement_app.involvement_app.at_a_glance.answers_owed",
	"involvement_app.involvement_app.at_a_glance.letters_owed",
	"involvement_app.involvement_app.at_a_glance.feedback_owed",
]
# what somebody had before this system was used, which limits still count ({participant} → [(participant, paid_before.Came)])
involvement_paid_before = ["involvement_app.involvement_payments.opening_totals.recently"]
involvement_merged = [
	"involvement_app.involvement_payments.merging.settle_again",
	"involvement_app.involvement_payments.bank_details.end_of_merged",
	"involvement_app.involvement_app.supporters.end_for_oneself",
	"involvement_app.involvement_app.stories.after_merge",
]
involvement_same_person = ["involvement_app.involvement_app.merging.earlier_records"]
# what whoever looks after the site should know (involvement_app/health)
involvement_health = [
	"involvement_app.health.site.CHECKS",
	"involvement_app.messages.health.CHECKS",
	"involvement_app.lifecycle.health.CHECKS",
	"involvement_app.permissions.health.CHECKS",
	"involvement_app.involvement_app.health.CHECKS",
	"involvement_app.involvement_payments.health.CHECKS",
	"involvement_app.involvement_payments.journal_entries.CHECKS",
	"involvement_app.demo.health.CHECKS",
]

_people = "involvement_app.involvement_app.portal_access"
before_job = [f"{_people}.job_begins"]
after_job = [f"{_people}.job_ends"]
_ledger = "involvement_app.involvement_payments.journal_entries"
doc_events = {
	"DocShare": {"before_validate": "involvement_app.permissions.shares.refuse_share"},
	"ToDo": {"before_validate": "involvement_app.permissions.shares.refuse_assignment"},
	"Document Follow": {"after_insert": f"{_attached}.never_follow"},
	"Prepared Report": {"before_validate": f"{_attached}.refuse_prepared"},
	"Auto Email Report": {"before_validate": f"{_attached}.refuse_prepared"},
	"File": {"validate": f"{_attached}.guard_file"},
	"Comment": {"before_insert": f"{_attached}.guard_comment"},
	"Email Template": {"validate": "involvement_app.messages.templates.check_neutral"},
	"Involvement Session": {
		"on_update": [
			"involvement_app.involvement_payments.accrual.on_session",
			"involvement_app.involvement_app.ambassadors.on_session",
		]
	},
	"Involvement Participant": {
		"on_update": [
			"involvement_app.involvement_payments.accrual.on_participant",
			"involvement_app.involvement_payments.bank_details.on_participant",
		],
	},
	"Involvement Preference": {"on_update": "involvement_app.involvement_payments.own_limits.on_preference"},
	"Involvement Application": {"on_update": "involvement_app.involvement_app.ambassadors.on_application"},
	"Involvement Engagement": {
		"validate": "involvement_app.involvement_payments.accrual.before_choice",
		"after_insert": "involvement_app.involvement_app.ambassadors.on_new_place",
		"on_update": [
			"involvement_app.involvement_payments.accrual.on_engagement",
			"involvement_app.involvement_app.ambassadors.on_place",
		],
	},
	"Involvement Settings": {
		"validate": [
			f"{_ledger}.check_settings",
			"involvement_app.involvement_payments.modulus.check_settings",
		],
		"on_update": [
			"involvement_app.involvement_payments.without_money.on_settings",
			"involvement_app.involvement_payments.bank_details.on_settings",
		],
	},
	# finance corrects in the ledger, where there is one
	"Journal Entry": {
		"before_validate": f"{_ledger}.keep_ours",
		"on_cancel": f"{_ledger}.on_cancel",
		"on_submit": f"{_ledger}.on_submit",
	},
	# a participant's login leaves their Contact alone (law 9)
	"*": {"on_trash": f"{_people}.refuse_deletion", "before_rename": f"{_people}.refuse_merging_two"},
	"Contact": {"before_save": f"{_people}.keep_contact"},
	"User": {"before_save": f"{_people}.user_save_begins", "on_update": f"{_people}.user_save_ends"},
}

# what a batch comes to in a ledger, or None where there is none
involvement_ledger_totals = ["involvement_app.involvement_payments.journal_entries.total_of"]
# what waits for somebody, of rooms that “To do today” does not know
involvement_to_do = [
	"involvement_app.involvement_payments.lateness.kinds",
	"involvement_app.involvement_payments.what_waits.kinds",
]

scheduler_events = {
	"all": ["involvement_app.messages.work", "involvement_app.involvement_payments.webhook.work"],
	"hourly": [
		"involvement_app.involvement_app.places.lapse_offers",
		"involvement_app.involvement_app.places.offer_on",
		"involvement_app.involvement_app.sessions.remind",
		"involvement_app.involvement_app.matching.invitations.send_all",
		"involvement_app.involvement_payments.bank_details.use_due",
		"involvement_app.portal.drafts.forget_old",
	],
	"daily": [
		"involvement_app.involvement_app.opportunities.move_on",
		"involvement_app.involvement_app.enquiries.forget",
		"involvement_app.involvement_app.selection.forget_old",
		"involvement_app.involvement_app.panels.removal.remove_due",
		"involvement_app.involvement_app.panels.reminders.remind",
		"involvement_app.involvement_app.selectors.remind",
		"involvement_app.involvement_app.access.ask_again",
		"involvement_app.involvement_app.matching.invitations.lapse",
		"involvement_app.involvement_app.training.remind",
		"involvement_app.involvement_app.checks.remind",
		"involvement_app.involvement_app.feedback.remind",
		"involvement_app.involvement_app.departures.end_breaks",
		"involvement_app.involvement_app.young_people.grow_up",
		"involvement_app.involvement_app.stories.move_on",
		"involvement_app.involvement_app.ambassadors.over",
		"involvement_app.involvement_payments.reconciliation.run",
		"involvement_app.involvement_payments.lateness.remind",
		"involvement_app.involvement_payments.lateness.look_for_two",
		"involvement_app.portal.links.forget_old",
		"involvement_app.messages.forget_texts",
	],
}
