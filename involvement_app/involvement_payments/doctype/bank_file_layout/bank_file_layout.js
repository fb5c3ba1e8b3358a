const LAYOUTS = "involvement_app.involvement_payments.layouts";
const FINANCE = ["Involvement Finance Officer", "Involvement Finance Authoriser"];

frappe.ui.form.on("Bank File Layout", {
	refresh(frm) {
		frm.set_intro("");
		if (frm.is_new()) return;
		if (frm.doc.put_in_use_on) stay(frm);
		if (frm.doc.in_use) {
			if (frm.perm[0]?.write) frm.add_custom_button(__("Take out of use"), () => take_out(frm));
			return;
		}
		if (!FINANCE.some((role) => frappe.user.has_role(role))) return;
		if (is_unfinished(frm.doc)) {
			frm.set_intro(
				frm.perm[0]?.write
					? __("An example to start from. Duplicate it, and write your own account into the copy, and your name in the place of OUR NAME. Somebody else in finance then looks at it and puts it in use.")
					: __("An example to start from. An authoriser of finance duplicates it and writes your own account and name into the copy; then you can look at it and put it in use.")
			);
			return;
		}
		const hands = [frm.doc.owner, ...(frm.doc.edited_by || "").split("\n")];
		if (hands.includes(frappe.session.user)) {
			frm.set_intro(__("You wrote or changed this, so somebody else in finance looks at it and puts it in use."));
		} else {
			frm.add_custom_button(__("Put in use"), () => put_in(frm));
		}
	},
});

// nobody has written into it yet whose money it is
function is_unfinished(doc) {
	const ours = doc.format !== "CSV" || doc.columns.some((column) => column.holds.startsWith("Our account"));
	return (ours && !doc.sort_code) || doc.columns.some((column) => column.fixed_words === "OUR NAME");
}

function stay(frm) {
	frm.meta.fields
		.filter((df) => df.fieldname && !["title", "source"].includes(df.fieldname))
		.forEach((df) => frm.set_df_property(df.fieldname, "read_only", 1));
	if (frm.perm[0]?.write) {
		frm.set_intro(__("It has been in use, so it stays as it is. To change it, duplicate it, change the copy, and have that put in use."));
	}
}

function put_in(frm) {
	frappe.confirm(
		__(
			"Is every column what your bank's guide says: sort code, account number and amount of each person, and our own account? From then on every batch that is locked is written by it, and it is not changed any more. The one that is in use now is switched off."
		),
		() => call(frm, "put_in_use", { layout: frm.docname, modified: frm.doc.modified })
	);
}

function take_out(frm) {
	frappe.confirm(
		__("Batches that are locked from now on have a plain list of names, and no account is looked at. Go on?"),
		() => call(frm, "take_out_of_use", { layout: frm.docname })
	);
}

async function call(frm, method, args) {
	await frappe.call({ method: `${LAYOUTS}.${method}`, args, freeze: true });
	frm.reload_doc();
}
