"""Go down one of two smooth losses by gradient descent; print the optimality gap beside what was promised."""

import torch
from sklearn.datasets import load_iris, load_linnerud
from sklearn.model_selection import train_test_split

# Settings: change them here.
loss = "least squares"
lr = 0.5  # in units of 1/L
every = 2  # steps from one line to the next

if loss == "least squares":  # twenty men: the waist from chin-ups and sit-ups, all standardised
    men = load_linnerud()
    x, y = torch.tensor(men.data[:, :2]), torch.tensor(men.target[:, 1])
    x, y = ((part - part.mean(0)) / part.std(0, correction=0) for part in (x, y))
    theta = torch.tensor([1.4, -0.4], dtype=torch.float64)
else:  # two species of iris: 80 flowers, standardised, and a column of ones
    x, y = load_iris(return_X_y=True)
    x, y = x[y > 0], 2 * y[y > 0] - 3
    x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=3, stratify=y)
    x = torch.tensor((x - x.mean(axis=0)) / x.std(axis=0), dtype=torch.float32).double()
    x, y = torch.cat([x, torch.ones(80, 1)], dim=1), torch.tensor(y)
    theta = torch.zeros(5, dtype=torch.float64)


def J(theta):
    if loss == "least squares":
        return ((x @ theta - y) ** 2).mean() / 2
    return torch.nn.functional.softplus(-y * (x @ theta)).mean()


L = torch.linalg.eigvalsh(x.T @ x / len(x))[-1]  # the gradient changes no faster
minimum = 0  # of logistic regression: a plane separates these flowers
if loss == "least squares":
    minimum = J(torch.linalg.lstsq(x, y[:, None]).solution[:, 0])
else:
    L = L / 4

print(f"step 0  optimality gap {J(theta) - minimum:.6g}")
for step in range(1, 31):
    slope = torch.func.grad(J)(theta)
    promised = J(theta) - minimum - lr / L * (1 - lr / 2) * (slope**2).sum()
    theta = theta - lr / L * slope
    if step % every == 0:
        print(f"step {step}  optimality gap {J(theta) - minimum:.6g}  promised: at most {promised:.6g}")
