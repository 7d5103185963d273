"""The CDS services on offer: one module each, one line here."""

from __future__ import annotations

from cds_service.service_definition import CdsService
from cds_service.services import rrmm_regimen

SERVICES: tuple[CdsService, ...] = (rrmm_regimen.SERVICE,)
