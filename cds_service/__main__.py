"""`python -m cds_service` is the command `myeloma-cds`."""

from cds_service.cli import main

main()
