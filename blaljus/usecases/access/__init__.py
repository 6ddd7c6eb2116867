"""Who somebody is: links by mail, sessions, limits on trying, accounts."""
