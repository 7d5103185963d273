"""How fast the service is, against what it stands on and what others do. Run by `make bench`; no part of the service."""
