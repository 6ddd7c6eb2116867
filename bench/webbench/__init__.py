"""Parts of `bench/web.py`: data, servers, a light client, and the table of figures."""
