"""Holds the forms of 三表一卡 against one another: eight relations, each of which a form either keeps or breaks."""
