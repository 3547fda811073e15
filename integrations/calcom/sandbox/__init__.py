"""A double of Cal.com V2 served over real HTTP, for the demo and for tests.

It shares no code with the product: neither its booking logic nor its Cal.com client.
"""

from integrations.calcom.sandbox.app import RunningSandbox, create_sandbox_app, start_sandbox
from integrations.calcom.sandbox.config import Hours, SandboxConfig, SandboxUser

__all__ = ["Hours", "RunningSandbox", "SandboxConfig", "SandboxUser", "create_sandbox_app", "start_sandbox"]
