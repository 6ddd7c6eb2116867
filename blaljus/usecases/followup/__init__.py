"""Was the promise kept: coverage, forecast, load, whose turn it is to choose first."""
