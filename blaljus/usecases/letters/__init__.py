"""Who is told what: letters owed with a change, retold after one, sent later by the worker."""
