// Contacts → participants. Offered to those who may add participants; the server asks again.

(() => {
	const settings = (frappe.listview_settings["Contact"] = frappe.listview_settings["Contact"] || {});
	const first = settings.onload;
	settings.onload = function (list) {
		first && first.call(this, list);
		if (!frappe.model.can_create("Involvement Participant")) return;
		list.page.add_actions_menu_item(
			__("Add to involvement register"),
			() => preview(list.get_checked_items(true), list),
			false
		);
	};

	const escape = (text) => frappe.utils.escape_html(text || "");
	const API = "involvement_app.involvement_app.joining";

	async function preview(contacts, list) {
		const { message } = await frappe.call({
			method: `${API}.preview_contacts`,
			args: { contacts },
			freeze: true,
			freeze_message: __("Looking who is there already"),
		});
		show(message, list);
	}

	function show(people, list) {
		const of = (verdict) => people.filter((person) => person.verdict === verdict);
		const fresh = of("New");
		const alike = of("Alike");
		const dialog = new frappe.ui.Dialog({
			title: __("Add to involvement register"),
			size: "large",
			fields: [
				{ fieldname: "people", fieldtype: "HTML" },
				{
					fieldname: "unit",
					fieldtype: "Link",
					options: "Involvement Unit",
					label: __("Unit for all of them"),
					description: __("You can leave this empty and choose later."),
					hidden: !(fresh.length + alike.length),
				},
				...told_fields(fresh.length + alike.length),
			],
			primary_action_label: __("Add"),
			primary_action: (values) => add(dialog, fresh, values, list),
		});
		dialog.fields_dict.people.$wrapper.html(
			section(__("Will be added"), fresh, name_only) +
				section(__("Might be somebody who is there already. Tick those who are somebody else."), alike, choice) +
				section(__("Already on the register, nothing to do"), of("Known"), with_link)
		);
		const count = () => {
			const number = fresh.length + ticked(dialog).length;
			dialog.set_primary_action(__("Add {0}", [number]), (values) => add(dialog, fresh, values, list));
			dialog.get_primary_btn().prop("disabled", !number);
		};
		dialog.$wrapper.on("change", "input[type=checkbox]", count);
		count();
		dialog.show();
	}

	// Nothing is assumed: without a tick they are marked on the register as still to be told.
	function told_fields(any) {
		const when_told = { depends_on: "notice_given", mandatory_depends_on: "notice_given" };
		return [
			{
				fieldname: "notice_given",
				fieldtype: "Check",
				label: __("They have all been given the privacy notice"),
				description: __("Leave this empty if not: they are marked until it is written down."),
				hidden: !any,
			},
			{
				...when_told,
				fieldname: "notice_method",
				fieldtype: "Select",
				label: __("How"),
				options: ["", "Phone", "In person", "Post", "E-mail"],
			},
			{
				...when_told,
				fieldname: "notice_on",
				fieldtype: "Date",
				label: __("On"),
				default: frappe.datetime.get_today(),
			},
			{
				depends_on: "notice_given",
				fieldname: "told_by",
				fieldtype: "Data",
				label: __("Who told them"),
				default: frappe.session.user_fullname,
			},
		];
	}

	function section(title, people, row) {
		if (!people.length) return "";
		const heading = `<h5 style="margin-top: 1em">${escape(title)} (${people.length})</h5>`;
		return `${heading}<ul class="list-unstyled">${people.map((person) => `<li>${row(person)}</li>`).join("")}</ul>`;
	}

	const name_only = (person) =>
		`<bdi>${escape(person.name)}</bdi> <span class="text-muted">${escape(person.email)}</span>`;

	function with_link(person) {
		const link = person.participant
			? frappe.utils.get_form_link("Involvement Participant", person.participant, true)
			: __("in a part of the register you cannot open");
		return `${name_only(person)} <span class="text-muted">· ${link} ${escape(__(person.status))}</span>`;
	}

	function choice(person) {
		const like = person.participant
			? frappe.utils.get_form_link("Involvement Participant", person.participant, true, person.like)
			: person.like
			? `<bdi>${escape(person.like)}</bdi> ${__("in your selection")}`
			: __("somebody in a part of the register you cannot open");
		const signs = escape(person.signs.join(", ").toLowerCase());
		return `<label style="font-weight: normal">
			<input type="checkbox" value="${escape(person.contact)}"> ${name_only(person)}
			<span class="text-muted">· ${__("same {0} as", [signs])}</span> ${like}</label>`;
	}

	const ticked = (dialog) =>
		dialog.$wrapper
			.find("li input:checked")
			.map((_, box) => box.value)
			.get();

	async function add(dialog, fresh, values, list) {
		const told = values.notice_given ? values : {};
		const anyway = ticked(dialog);
		const { message } = await frappe.call({
			method: `${API}.add_contacts`,
			args: {
				contacts: [...fresh.map((person) => person.contact), ...anyway],
				anyway,
				unit: values.unit || null,
				notice_method: told.notice_method || null,
				notice_on: told.notice_on || null,
				told_by: told.told_by || null,
			},
			freeze: true,
		});
		dialog.hide();
		list.clear_checked_items();
		frappe.msgprint({ title: __("Involvement register"), message: told(message), indicator: "green" });
	}

	function told({ added, known, left_out }) {
		const links = added
			.map(({ participant, name }) => `<li>${frappe.utils.get_form_link("Involvement Participant", participant, true, escape(name))}</li>`)
			.join("");
		const names = (list) => list.map((name) => `<bdi>${escape(name)}</bdi>`).join(", ");
		return [
			`<p>${__("Added: {0}", [added.length])}</p><ul>${links}</ul>`,
			known.length ? `<p>${__("Already on the register: {0}", [names(known)])}</p>` : "",
			left_out.length ? `<p>${__("Left out, they look like somebody else: {0}", [names(left_out)])}</p>` : "",
		].join("");
	}
})();
