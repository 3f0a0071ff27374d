"""How true reading is: known records written as people write them, read by the street, compared cell by cell."""
