"""Pages of people of the agencies: their times, duties and own calendar."""
