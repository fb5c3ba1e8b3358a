import "./desk/empty_lists";
import "./desk/lifecycle_buttons";
import "./people/person_flags";
import "./people/entered_for";
import "./people/wellbeing_plan";
import "./money/payment_way";
import "./money/batch_files";
import "./people/without_money";
