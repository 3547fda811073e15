"""What the business does: each module one use case over the ports."""
