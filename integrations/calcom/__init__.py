"""Cal.com API v2 behind the port ``Calendar``: a thin client, wire models, mapping and the gateway."""
