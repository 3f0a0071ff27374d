"""Measures what a night costs, against the barest reader and a plain script, as ratios that hold on any machine."""
