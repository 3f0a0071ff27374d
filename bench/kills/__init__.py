"""Cuts nights off by SIGKILL and holds what is there after the next run against a home that was never cut off."""
