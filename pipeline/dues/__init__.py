"""Who owes which form for which day or month, and what came of it."""
