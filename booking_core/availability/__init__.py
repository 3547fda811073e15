"""What is free: pure bit algebra on ticks and the rules that say why something is not."""
