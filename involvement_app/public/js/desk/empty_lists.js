// An empty list of ours says what belongs into it and what to do: the description of its DocType.

const ListView = frappe.views.ListView;
const as_frappe_says = ListView.prototype.get_no_result_message;

ListView.prototype.get_no_result_message = function () {
	const message = as_frappe_says.call(this);
	const ours = /^Involvement /.test(this.meta?.module || "");
	if (!ours || !this.meta.description || this.filter_area?.get().length) return message;
	const words = frappe.utils.escape_html(__(this.meta.description));
	return `<div class="msg-box no-border"><p class="text-muted" style="max-width: 40em">${words}</p></div>${message}`;
};
