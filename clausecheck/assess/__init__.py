"""Weigh what was detected: mirrors, one confidence per finding, balance."""
