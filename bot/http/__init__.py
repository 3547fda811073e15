"""What every HTTP route shares: errors as problem bodies, request ids, limits, headers, health and metrics."""
