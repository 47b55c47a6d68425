"""Fit even or odd on random ReLU features, and print the median errors of nine draws over their number."""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

# Settings: change them here.
l2 = 0.0
steps = 100_000_000  # of gradient descent from 0; each leaves (1 − h − λ) of a direction
noise = 0.1  # the share of wrong labels
samples = 100

# Handwritten digits, 8 × 8 pixels: 1198 to draw from, 599 to test.
x, y = load_digits(return_X_y=True)
x, x_test, y, y_test = train_test_split(x, 1 - 2 * (y % 2), test_size=1 / 3, random_state=0, stratify=y)
middle = x.mean(0)
size = np.sqrt(((x - middle) ** 2).sum(1).mean())
x, x_test = (x - middle) / size, (x_test - middle) / size


def errors(draw, features):
    rng = np.random.default_rng(draw)
    chosen, wrong = rng.permutation(len(x))[:samples], rng.random(samples) < noise
    labels = np.where(wrong, -y[chosen], y[chosen])
    weights = rng.standard_normal((64, 1000))[:, :features]
    a, b = (np.sqrt(2 / features) * np.maximum(0, part @ weights) for part in (x[chosen], x_test))
    u, s, v = np.linalg.svd(a, full_matrices=False)  # by directions: t steps in closed form
    h = s**2 / samples
    w = v.T @ ((1 - (1 - h - l2) ** steps) / (h + l2) * s / samples * (labels @ u))
    return ((a @ w - labels) ** 2).mean(), ((b @ w - y_test) ** 2).mean()


for features in (10, 20, 30, 50, 70, 85, 100, 120, 150, 200, 300, 500, 1000):
    train, test = np.median([errors(draw, features) for draw in range(9)], axis=0)
    print(f"features {features}  training error {train:.6g}  test error {test:.6g}")
