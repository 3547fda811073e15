"""The stores of a unit of work in memory, one module per port."""
