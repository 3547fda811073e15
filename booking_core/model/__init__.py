"""Values of the business: frozen, validated on construction, free of I/O."""
