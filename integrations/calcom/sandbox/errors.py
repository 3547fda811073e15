"""The error answers of Cal.com V2 in all their shapes, and the exception that carries one.

```
ApiError
├─ enveloped   {"status":"error","timestamp","path","error":{"code","message","details"}}
│              details: an object, a list of validation errors, a string, or absent
└─ bare        {"statusCode","message"}, thrown inside Cal.com's booking core
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

JsonObject = dict[str, Any]

_REASONS: Mapping[int, tuple[str, str]] = {
    400: ("BadRequestException", "Bad Request"),
    401: ("UnauthorizedException", "Unauthorized"),
    403: ("ForbiddenException", "Forbidden"),
    404: ("NotFoundException", "Not Found"),
    409: ("ConflictException", "Conflict"),
    422: ("UnprocessableEntityException", "Unprocessable Entity"),
}


class ApiError(Exception):
    """An error answer: HTTP status plus the `error` object, or the bare form when `error` is None."""

    def __init__(self, status: int, message: str, error: JsonObject | None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.error = error

    def body(self, *, path: str, timestamp: str) -> JsonObject:
        """The JSON answer for a request to `path` (with its query) at `timestamp` (ISO, UTC)."""
        if self.error is None:
            return {"statusCode": self.status, "message": self.message}
        return {"status": "error", "timestamp": timestamp, "path": path, "error": self.error}


def enveloped(status: int, message: str) -> ApiError:
    """The usual form: exception class as code, details with message, error and statusCode."""
    code, reason = _REASONS[status]
    details = {"message": message, "error": reason, "statusCode": status}
    return ApiError(status, message, {"code": code, "message": message, "details": details})


def bare(status: int, message: str) -> ApiError:
    """The second form, without envelope."""
    return ApiError(status, message, None)


def coded(status: int, code: str, message: str) -> ApiError:
    """An envelope without details: zod (`BAD_REQUEST`) and tRPC (`TRPCError`) errors."""
    return ApiError(status, message, {"code": code, "message": message})


def internal() -> ApiError:
    """What Cal.com answers when a handler crashes, for instance on a non-numeric id."""
    return coded(500, "INTERNAL_SERVER_ERROR", "There was an error, please try again later.")


def throttled() -> ApiError:
    """429, whose details are a string."""
    message = "CustomThrottlerGuard - Too many requests. Please try again later."
    return ApiError(429, message, {"code": "ThrottlerException", "message": message, "details": message})


def invalid(errors: Sequence[JsonObject]) -> ApiError:
    """400 of the generic body validation: a fixed message and the list in details."""
    message = "Bad Request Exception"
    return ApiError(
        400, message, {"code": "BadRequestException", "message": message, "details": {"errors": list(errors)}}
    )


def cannot(method: str, path: str) -> ApiError:
    """404 for a route, method or version that does not exist."""
    return enveloped(404, f"Cannot {method} {path}")
