"""What the pages of judging show: a question, what is told after it, and the end of a sitting."""
