"""The lessons: one folder a notebook, and what they share.

**The article.** Notebooks and docstrings cite "the article". It is an introduction to the optimisation of
deep learning in six sections, written in Chinese: 1 background, 2 core concepts, 3 algorithms (3.1 gradient
descent, 3.2 batch, 3.3 stochastic, 3.4 learning-rate decay, 3.5 regularisation), 4 a worked example, 5
trends, 6 questions and answers. The course follows its order and turns each of its statements into an
experiment; where an experiment contradicts it, the notebook says so. "The article, section 3.4" is where a
formula or a setting comes from.

**A lesson's folder** is named like its notebook: `03_3_stochastic_gradient_descent.ipynb` has its code in
`stochastic_gradient_descent/`. Behind a lab are at most three files, named after it: `cloud.py` has its
numbers (what is run, and what theory says), `cloud_lab.py` its sliders, plots and goals, `cloud_program.py`
the same run in plain PyTorch. A lesson imports no other lesson; what several need is in `common/` or in
`optlab.engine`.
"""
