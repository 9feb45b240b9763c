"""Lives under faults: what harms a network on purpose, and the counting that shows whether anything was lost or doubled."""
