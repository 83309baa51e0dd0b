"""Stage graph, runner and run folder."""
