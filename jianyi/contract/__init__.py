"""The contract with those who read our events: made from the declarations, compared with what was published."""
