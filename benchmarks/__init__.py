"""Measurements of clausecheck: speed, real files, accuracy. See README.md beside this file."""

# Rules on trial are measured too; one place to switch that off.
PREVIEW = True
