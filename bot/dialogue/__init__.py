"""What is said and done next: state, a pure decision, one loop that acts, and a renderer."""
