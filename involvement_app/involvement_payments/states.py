"""What an Involvement Payment is for, and what its states say of the money (domain 4.12, payment)."""

PAYMENT = "Involvement Payment"
KIND = "Time"
CORRECTION = "Correction"
EXPENSES = "Expenses"
ADVANCE = "Advance"
NO_PAY = (EXPENSES, ADVANCE)
CHARITY = "Give to a charity"
OPEN = ("Checked", "Returned")
CHANGEABLE = (*OPEN, "Approved")
WAITING = (*CHANGEABLE, "Scheduled", "Failed at bank")
RECEIVED = ("Paid", "Reconciled")
REPAID = "Repaid"
WRITTEN_OFF = "Written off"
CAME = (*RECEIVED, REPAID)
ON_ITS_WAY = ("Scheduled", "Failed at bank", *RECEIVED)
# a correction that somebody has had to pay
GONE_OUT = (*ON_ITS_WAY, REPAID)
TAKES_BACK = (*CHANGEABLE, *ON_ITS_WAY, REPAID)
