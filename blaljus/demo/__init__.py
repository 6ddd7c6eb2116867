"""The Höör demo: real input, and a term played through on its own clock."""
