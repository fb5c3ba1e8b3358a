"""What our documents may cost, in SQL statements, against the framework's own floor in the same run.

`counting` counts a piece of work as a request would do it, `twins` makes the floor, `history` the earlier records.
Statements repeat exactly, times do not: times are in benchmarks/."""
