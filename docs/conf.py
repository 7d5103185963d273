"""How `make docs` turns these pages into a site: Sphinx, Markdown through MyST, the Furo theme."""

project = "myeloma-cds"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Myeloma CDS"
exclude_patterns = ["images"]
myst_heading_anchors = 3
# Pages link to files of the repository that are no pages (settings of a proxy, folders). `tests/docs/test_links.py` proves that
# every link leads to something, also these.
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
html_show_copyright = False
html_show_sphinx = False
