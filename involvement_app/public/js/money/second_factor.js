// Who decides on money and signs in with a password alone is told what to do, until the next time they sign in.
const KEY = "involvement-second-factor";

function what_to_do({ roles, may_switch }) {
	const named = roles.map((role) => frappe.utils.escape_html(__(role))).join(", ");
	return may_switch
		? __("Open {0}, tick “Enable Two Factor Auth”, then tick “Two Factor Authentication” on each of these roles: {1}. Try it with one person first.", [
				frappe.utils.get_form_link("System Settings", "System Settings", true, __("System Settings")),
				named,
		  ])
		: __("Ask your system manager to switch on two-factor authentication, in System Settings and then on these roles: {0}.", [named]);
}

function prompt(asked) {
	const banner = $(`<div class="involvement-second-factor alert alert-warning" role="status" style="margin: 0; border-radius: 0">
		<div class="container"><strong>${__("You work with money and sign in with a password alone.")}</strong> ${what_to_do(asked)}
		<button type="button" class="btn btn-default btn-xs">${__("Not now")}</button></div></div>`);
	banner.find("button").on("click", () => {
		localStorage.setItem(KEY, asked.session);
		banner.remove();
	});
	$(".main-section").prepend(banner);
}

$(document).on("app_ready", () => {
	const asked = frappe.boot?.involvement_second_factor;
	if (asked && localStorage.getItem(KEY) !== asked.session) prompt(asked);
});
