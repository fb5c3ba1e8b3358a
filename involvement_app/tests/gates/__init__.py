"""Gates: what can be read off the sources is held here, without a site.

Alone and quickly: python3 -m unittest discover -s involvement_app/tests/gates -t ."""
