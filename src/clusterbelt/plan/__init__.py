"""Candidates, sets, constraints, objective, solve, evaluate, explain."""
