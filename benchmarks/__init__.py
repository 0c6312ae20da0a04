"""Measurements of clausecheck: speed, real files, accuracy. See README.md beside this file."""

# Whether rules on trial are measured too.
PREVIEW = False
