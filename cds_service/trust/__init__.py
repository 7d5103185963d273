"""Who calls, and what they may have done on their behalf. Nothing here reads a chart."""
