"""The rules of the register and of practices, plain Python."""
