"""An invented charity with a year behind it: `bench --site … involvement-demo load | remove | logins`.

`people.py` and `story.py` say who and what, `replay.py` lets it happen state by state under a moved clock and
through the controllers, `rows.py` remembers every row that was made and takes it away again.
"""
