"""The small library that the chapters import: rules, landscapes, runs and figures that move."""

from optlib.averages import debias, ema
from optlib.descent import Trajectory, follow, minimize
from optlib.optimizers import (
    Adadelta,
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    CenteredRMSProp,
    GradientDescent,
    LaProp,
    Momentum,
    NAdam,
    Nesterov,
    Optimizer,
    RMSProp,
    RMSPropMomentum,
    RMSPropNesterov,
)

__all__ = [
    "AMSGrad",
    "AdaGrad",
    "Adadelta",
    "Adam",
    "AdamW",
    "CenteredRMSProp",
    "GradientDescent",
    "LaProp",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "RMSPropMomentum",
    "RMSPropNesterov",
    "Trajectory",
    "debias",
    "ema",
    "follow",
    "minimize",
]
