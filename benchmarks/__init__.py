"""Measurements of clausecheck: speed, real files, accuracy. See README.md beside this file."""
