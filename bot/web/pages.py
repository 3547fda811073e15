"""Renders the web pages from templates. Pure: it reads its own files once, then only turns values into HTML.

Routing, headers and sessions are left to the HTTP layer, conversation to the JSON API the pages call.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.http.languages import best_language
from bot.web.texts import LANGUAGE_NAMES, TEXTS

STATIC_DIR: Final = Path(__file__).parent / "static"
"""Folder of the files to be served under `/static/`."""

TEMPLATE_DIR: Final = Path(__file__).parent / "templates"
STATIC_URL: Final = "/static/"
_MAILBOX_URL: Final = "/api/demo/mailbox"


@dataclass(frozen=True, slots=True)
class TenantView:
    """What the pages show of a tenant.

    `languages` are codes, the first is the default; `phone` is E.164 or as written, `address` one line; both may be
    empty. `services` names by language a few services that make good examples; without them the examples stay general.
    """

    id: str
    name: str
    phone: str
    languages: tuple[str, ...]
    address: str
    services: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Pages:
    """All web pages. Make one per process: the constructor reads templates and hashes the static files."""

    def __init__(self, static_dir: Path = STATIC_DIR, template_dir: Path = TEMPLATE_DIR) -> None:
        self._static_dir = static_dir
        self._versions = asset_versions(static_dir)
        self._environment = Environment(
            loader=FileSystemLoader(template_dir),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals["asset"] = self.asset
        self._environment.globals["language_names"] = LANGUAGE_NAMES

    def asset(self, name: str) -> str:
        """The address of a static file with its content hash; raises `KeyError` for a file that does not exist."""
        return f"{STATIC_URL}{name}?v={self._versions[name]}"

    def asset_file(self, name: str) -> Path | None:
        """The static file of this name as it was found at the start; None for any other name, however it is written."""
        return self._static_dir / name if name in self._versions else None

    def is_current_asset(self, name: str, version: str | None) -> bool:
        """Whether `version` names the present content of a static file, so that it may be cached for good."""
        return version is not None and self._versions.get(name) == version

    def render(self, template: str, language: str, **values: object) -> str:
        """Render any template on the common base, with the page texts of `language` as `texts`.

        Raises `KeyError` for a language without texts and jinja2's `TemplateNotFound`.
        """
        return self._environment.get_template(template).render(language=language, texts=TEXTS[language], **values)

    def chat(self, tenant: TenantView, language: str, embed: bool = False) -> str:
        """The chat page of a tenant; `embed` gives the compact header for a frame."""
        language = language if language in tenant.languages else tenant.languages[0]
        return self.render(
            "chat.html",
            language,
            tenant=tenant,
            embed=embed,
            languages=_links(tenant.languages, embed=embed),
            examples=_examples(tenant, language),
            data={
                "tenant": {"id": tenant.id, "name": tenant.name, "address": tenant.address},
                "language": language,
                "api": f"/api/chat/{tenant.id}/messages",
                "texts": {code: _script_texts(code, "chat") for code in tenant.languages},
            },
        )

    def start(self, tenant: TenantView, language: str, sandbox_url: str | None) -> str:
        """The start page of the demo; `sandbox_url` is the calendar double's base address, None when a real one is used."""
        return self.render(
            "start.html",
            language,
            tenant=tenant,
            sandbox_url=sandbox_url.rstrip("/") if sandbox_url else None,
            languages=_links(tuple(TEXTS), embed=False),
            blocks=[(code, TEXTS[code]["start"]) for code in sorted(TEXTS, key=lambda code: code != language)],
            data={
                "language": language,
                "api": _MAILBOX_URL,
                "demo": "/api/demo",
                "texts": {language: _script_texts(language, "start", "mailbox")},
            },
        )

    def mailbox(self, tenant: TenantView, language: str) -> str:
        """The demo's mailbox; the messages come from its JSON API."""
        return self.render(
            "mailbox.html",
            language,
            tenant=tenant,
            languages=_links(tuple(TEXTS), embed=False),
            data={
                "language": language,
                "api": _MAILBOX_URL,
                "texts": {language: _script_texts(language, "mailbox")},
            },
        )

    def docs(self, document: Mapping[str, object], language: str) -> str:
        """The HTTP interface as its OpenAPI description tells it."""
        return self.render("docs.html", language, document=document)

    def console(self, language: str) -> str:
        """Says where operators look while there is no console."""
        texts = TEXTS[language]["console"]
        return self.render("notice.html", language, title=texts["title"], detail=texts["detail"])

    def error(self, status: int, title: str, detail: str, language: str) -> str:
        """A page for people in place of a problem body: `title` says the reason, `detail` the way out."""
        return self.render("error.html", language, status=status, title=title, detail=detail)


def page_language(
    requested: str | None, accept_language: str | None, offered: Sequence[str] = tuple(TEXTS)
) -> str:
    """The language of a page: `?lang=` if offered, else the best of Accept-Language, else the first offered."""
    if requested is not None and requested in offered:
        return requested
    return best_language(accept_language, offered)


def asset_versions(static_dir: Path) -> dict[str, str]:
    """The first 12 hex digits of each static file's SHA-256, by its path below `static_dir`.

    Scripts import each other without a version, so a script's hash covers all scripts.
    """
    contents = {
        path.relative_to(static_dir).as_posix(): path.read_bytes()
        for path in sorted(static_dir.rglob("*"))
        if path.is_file()
    }
    scripts = b"".join(content for name, content in contents.items() if name.endswith(".js"))
    return {
        name: hashlib.sha256(scripts if name.endswith(".js") else content).hexdigest()[:12]
        for name, content in contents.items()
    }


def _links(codes: Sequence[str], *, embed: bool) -> list[tuple[str, str]]:
    return [(code, f"?lang={code}&embed=1" if embed else f"?lang={code}") for code in codes]


def _script_texts(language: str, *sections: str) -> dict[str, str]:
    texts = dict(TEXTS[language]["common"])
    for section in sections:
        texts.update(TEXTS[language][section])
    return texts


def _examples(tenant: TenantView, language: str) -> list[str]:
    texts = TEXTS[language]["chat"]
    services = tenant.services.get(language, ())
    if not services:
        return [texts["example_first"], texts["example_second"], texts["example_move"]]
    return [
        texts["example_service_first"].format(service=services[0]),
        texts["example_service_second"].format(service=services[-1]),
        texts["example_move"],
    ]
