"""Answers that come by mail, times that people propose, and letters that came back."""
