"""The documents of docs/ as HTML: which there are, Markdown, the API reference, and a static copy of the site."""
