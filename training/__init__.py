"""Fit, calibrate and measure the classifier; the only place that imports scikit-learn."""
