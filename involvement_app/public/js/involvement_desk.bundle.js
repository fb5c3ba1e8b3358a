import "./desk/empty_lists";
import "./desk/lifecycle_buttons";
import "./people/person_flags";
import "./people/entered_for";
import "./people/wellbeing_plan";
import "./people/without_money";
