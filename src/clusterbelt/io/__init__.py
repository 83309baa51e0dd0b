"""The only code that reads and writes tables and geometry."""
