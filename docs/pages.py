"""The site has each page where it lies in the repository, so that a link leads to the same page here and there."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from pygments.formatters import HtmlFormatter

BESIDES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "experiments/README.md")
"""What the site shows besides ``docs/``."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the files of ``docs/`` into a folder of that name, what lies outside next to it, and the colours of code to both."""
    root = Path(config.config_file_path).parent
    documents = [file for file in files if file.src_dir == config.docs_dir]
    for file in documents:
        files.remove(file)
    for path in (*BESIDES, *(f"docs/{file.src_uri}" for file in documents)):
        files.append(File(path, str(root), config.site_dir, config.use_directory_urls))
    files.append(File.generated(config, "css/code.css", content=HtmlFormatter(style="friendly").get_style_defs(".highlight")))
    return files
