"""The readiness report: what production needs, what of it is there, what is missing, computed from the index.

It joins the findings of all rules with the models of what is deployed. The reports themselves are written by
`shipworthy.reporting.readiness`.
"""

from __future__ import annotations
