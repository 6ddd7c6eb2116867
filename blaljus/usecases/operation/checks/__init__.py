"""The invariants of the domain, looked for in the stored facts: one file per topic.

A check is a plain function on `Facts`; `usecases/operation/verifying.py` lists them all.
"""
