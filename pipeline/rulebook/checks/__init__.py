"""What no single YAML line can know: whether the names it uses exist, and whether two lines contradict each other."""
