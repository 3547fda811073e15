"""What the business needs from outside, one Protocol per file, named after the capability."""
