"""The pages and the demo's own JSON: chat, start page, mailbox, static files."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final

from aiohttp import web

from booking_core.model.tenant import Tenant
from bot.demo.parts import DEMO_TENANT, DemoParts
from bot.http.openapi import describe
from bot.http.problems import HttpProblem
from bot.http.security import CSP, page_policy
from bot.services import SERVICES, MailboxReader, Services
from bot.web.pages import STATIC_DIR, Pages, TenantView, page_language

PAGES: Final = web.AppKey("pages", Pages)

_REVALIDATE: Final = "no-cache"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"


def page_routes(services: Services) -> list[web.AbstractRouteDef]:
    """What is mounted: start page, mailbox and demo data only in the demo."""
    routes: list[web.AbstractRouteDef] = [
        web.get("/chat/{tenant}", _chat),
        web.get("/docs", _docs),
        web.get("/console", _console),
        *static_routes(),
    ]
    if services.demo is not None:
        routes += [web.get("/", _start), web.get("/api/demo", _demo)]
    if services.mailbox is not None:
        routes += [web.get("/mailbox", _mailbox), web.get("/api/demo/mailbox", _mails)]
    return routes


def static_routes() -> list[web.RouteDef]:
    """The files beside the pages. Only names that `Pages` knows are served, so no path of a request reaches the disk."""
    return [web.get("/static/{name:.+}", _static), web.get("/favicon.ico", _favicon)]


def tenant_view(tenant: Tenant) -> TenantView:
    """What the pages show of a tenant."""
    return TenantView(
        id=tenant.id,
        name=tenant.name,
        phone=tenant.phone,
        languages=tenant.languages,
        address=tenant.address,
        services={
            language: [service.name.to(language) for service in tenant.services] for language in tenant.languages
        },
    )


async def _chat(request: web.Request) -> web.Response:
    tenant = await request.app[SERVICES].tenants.find(request.match_info["tenant"])
    if tenant is None:
        raise HttpProblem(404, "unknown_tenant", "there is no such tenant")
    embed = request.query.get("embed") == "1"
    response = _html(request.app[PAGES].chat(tenant_view(tenant), _language(request, tenant.languages), embed))
    if embed:
        response.headers[CSP] = page_policy(frame_ancestors="*")
    return response


async def _start(request: web.Request) -> web.Response:
    tenant, demo = await _demo_tenant(request)
    return _html(request.app[PAGES].start(tenant_view(tenant), _language(request, ("de", "en")), demo.sandbox))


async def _mailbox(request: web.Request) -> web.Response:
    tenant, _ = await _demo_tenant(request)
    return _html(request.app[PAGES].mailbox(tenant_view(tenant), _language(request, ("de", "en"))))


async def _docs(request: web.Request) -> web.Response:
    document = describe(version("fermata-booking"))
    return _html(request.app[PAGES].docs(document, _language(request, ("en", "de"))))


async def _console(request: web.Request) -> web.Response:
    return _html(request.app[PAGES].console(_language(request, ("de", "en"))))


async def _demo(request: web.Request) -> web.Response:
    tenant, demo = await _demo_tenant(request)
    now = request.app[SERVICES].clock.now().astimezone(tenant.zone)
    return _json(
        {
            "sandbox": demo.sandbox,
            "now": now.isoformat(timespec="seconds"),
            "smtp": demo.smtp,
            "staff_keys": dict(demo.staff_keys),
        }
    )


async def _mails(request: web.Request) -> web.Response:
    mailbox: MailboxReader | None = request.app[SERVICES].mailbox
    return _json({"messages": await mailbox.messages() if mailbox else []})


async def _static(request: web.Request) -> web.FileResponse:
    pages, name = request.app[PAGES], request.match_info["name"]
    file = pages.asset_file(name)
    if file is None:
        raise HttpProblem(404)
    current = pages.is_current_asset(name, request.query.get("v"))
    return web.FileResponse(file, headers={"Cache-Control": _FOR_GOOD if current else _REVALIDATE})


async def _favicon(_request: web.Request) -> web.FileResponse:
    headers = {"Content-Type": "image/svg+xml", "Cache-Control": _REVALIDATE}
    return web.FileResponse(STATIC_DIR / "favicon.svg", headers=headers)


async def _demo_tenant(request: web.Request) -> tuple[Tenant, DemoParts]:
    services = request.app[SERVICES]
    tenant = await services.tenants.find(DEMO_TENANT)
    if tenant is None or services.demo is None:
        raise HttpProblem(404)
    return tenant, services.demo


def _language(request: web.Request, offered: tuple[str, ...]) -> str:
    return page_language(request.query.get("lang"), request.headers.get("Accept-Language"), offered)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": _REVALIDATE})


def _json(content: dict[str, Any]) -> web.Response:
    return web.json_response(content, headers={"Cache-Control": "no-store"})
