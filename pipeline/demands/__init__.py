"""What the rules ask of records: which fields and relations (`ask`), how a column answers (`verbs`), where it is said (`place`)."""
