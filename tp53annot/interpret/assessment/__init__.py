"""The answer for one sample, one module a part of it; limits and sentences stand in ``rules/assessment.toml``."""
