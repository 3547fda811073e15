"""The README tells what is: its table of settings, its links, and the targets it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import settings_table

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_settings_is_the_one_generated_from_the_class():
    assert settings_table() in README


@pytest.mark.parametrize(
    "page", ["README.md", "docs/architecture.md", "docs/runbook.md", "docs/decisions/README.md"]
)
def test_every_relative_link_leads_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if not link.startswith("http")]
    assert links
    for link in links:
        assert (ROOT / page).parent.joinpath(link).exists(), link


def test_every_make_target_it_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)", README)) - {"python"}
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert named
    assert named <= targets


def test_every_command_the_runbook_names_exists():
    text = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    named = {tuple(found.split()) for found in re.findall(r"`fermata ([a-z]+(?: [a-z]+)?)", text)}
    assert len(named) > 8
    for words in named:
        shown = CliRunner().invoke(app, [*words, "--help"])
        assert shown.exit_code == 0, words
        assert f"fermata {' '.join(words)}" in shown.stdout, words


def test_no_registry_and_no_index_stands_in_the_lock_file():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "http" not in re.sub(r"^[a-z0-9-]*http[a-z0-9-]*==.*$", "", lock, flags=re.MULTILINE)
    assert "--hash=sha256:" in lock
