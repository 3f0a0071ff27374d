"""What cells mean, one file a meaning: each parser is pure, takes what was written and gives Meant or Slip, and never raises."""
