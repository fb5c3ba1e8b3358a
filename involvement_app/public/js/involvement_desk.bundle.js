import "./desk/empty_lists";
import "./desk/lifecycle_buttons";
