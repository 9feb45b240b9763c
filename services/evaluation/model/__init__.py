"""What evaluation knows: a suggestion's feedback and its end, the figures, the scores."""
