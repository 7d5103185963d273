"""What a person looks at in a browser: the try-it page and the reasoning behind one evaluation. Demo profile only."""
