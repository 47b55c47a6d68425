"""The ready-made labs of the course, one function each."""

from optlab.course.background.data_labs import augmentation_lab, imbalance_lab, preprocessing_lab
from optlab.course.background.optimizer_lab import optimizer_lab
from optlab.course.background.structure_labs import merging_lab, pruning_lab, shape_lab
from optlab.course.batch_gradient_descent.batch_labs import batch_lab, noise_lab, scaling_lab
from optlab.course.core_concepts.difference_lab import difference_lab
from optlab.course.core_concepts.layers_lab import layers_lab
from optlab.course.core_concepts.line_labs import bend_lab, falling_rate_lab, point_lab, two_ways_lab
from optlab.course.core_concepts.parabola_lab import parabola_lab
from optlab.course.faq.question_labs import cost_lab, deploy_lab, lemma_lab
from optlab.course.gradient_descent.descent_labs import descent_lab, surface_lab
from optlab.course.gradient_descent.momentum_lab import momentum_lab
from optlab.course.learning_rate_decay.decay_labs import decay_lab, sums_lab
from optlab.course.learning_rate_decay.race_lab import race_lab
from optlab.course.regularization.moons_lab import moons_lab
from optlab.course.regularization.shrinkage_lab import shrinkage_lab
from optlab.course.regularization.stopping_lab import stopping_lab
from optlab.course.regularization.weight_decay_lab import weight_decay_lab
from optlab.course.start_here.first_lab import first_lab
from optlab.course.stochastic_gradient_descent.cloud_labs import cloud_lab, shrink_lab
from optlab.course.stochastic_gradient_descent.order_lab import order_lab
from optlab.course.trends.adaptive_labs import adaptive_lab, rivals_lab, units_lab
from optlab.course.trends.cluster_labs import data_parallel_lab, local_sgd_lab
from optlab.course.trends.hardware_labs import compile_lab, precision_lab, roofline_lab
from optlab.course.trends.theory_labs import edge_lab, edge_runs, promises_lab
from optlab.course.worked_example.training_lab import IRIS_GOALS, training_lab

__all__ = [
    "IRIS_GOALS",
    "adaptive_lab",
    "augmentation_lab",
    "batch_lab",
    "bend_lab",
    "cloud_lab",
    "compile_lab",
    "cost_lab",
    "data_parallel_lab",
    "decay_lab",
    "deploy_lab",
    "descent_lab",
    "difference_lab",
    "edge_lab",
    "edge_runs",
    "falling_rate_lab",
    "first_lab",
    "imbalance_lab",
    "layers_lab",
    "lemma_lab",
    "local_sgd_lab",
    "merging_lab",
    "momentum_lab",
    "moons_lab",
    "noise_lab",
    "optimizer_lab",
    "order_lab",
    "parabola_lab",
    "point_lab",
    "precision_lab",
    "preprocessing_lab",
    "promises_lab",
    "pruning_lab",
    "race_lab",
    "rivals_lab",
    "roofline_lab",
    "scaling_lab",
    "shape_lab",
    "shrink_lab",
    "shrinkage_lab",
    "stopping_lab",
    "sums_lab",
    "surface_lab",
    "training_lab",
    "two_ways_lab",
    "units_lab",
    "weight_decay_lab",
]
