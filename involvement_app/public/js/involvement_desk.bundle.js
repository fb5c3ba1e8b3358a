import "./desk/lifecycle_buttons";
