"""Update rules and learning-rate schedules, written as their formulas."""
