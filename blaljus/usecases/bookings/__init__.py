"""What a class does: see its times, choose, book, change, cancel, wish, report who came."""
