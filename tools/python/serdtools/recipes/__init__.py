"""What tools/slow-tests/recipes checks: every recipe of tools/recipes with the real thing."""
