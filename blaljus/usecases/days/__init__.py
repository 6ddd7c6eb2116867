"""A slot and its venue: made, moved, staffed stations, the körschema, call-outs during the day."""
