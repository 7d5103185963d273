"""What the service remembers: which answers it gave and what became of their cards. No chart, no patient, no caller's token."""
