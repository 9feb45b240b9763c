"""A package, so that its network ends with the last of its tests."""
