"""The commands: click on the outside, nothing clever inside. `main` is the group, each other file a few of its commands."""
