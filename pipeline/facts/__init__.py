"""What the archive knows, folded once into facts every report shares."""
