"""The stages: each one ``run(belt, results, section, scope) -> Result``; none imports another."""
