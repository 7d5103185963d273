"""FHIR R4 JSON in, plain clinical facts and a therapy history out. Knows no web framework, no regimen choice, no guideline."""
