"""Clinical knowledge as data, and the rules that read it. Knows facts; knows no FHIR, no HTTP and no clock."""
