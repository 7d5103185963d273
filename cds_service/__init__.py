"""The CDS Hooks service: knowledge of relapsed myeloma, cards, HTTP."""
