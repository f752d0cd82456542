"""The table of slips that can happen to any rule: ``REWRITES``.

Each row is a ``Rewrite``: a name, a change of the recorded rule, what a rule lacks where it cannot
happen, and the diagnosis for its author. Where two compute the same, the first in the table is the
one that is named.
"""

from optlib.exercises.changes import (
    DECAY,
    T,
    beside_rate,
    corrected_kept,
    eps_after_fraction,
    eps_hat,
    eps_inside,
    eps_outside,
    exchanged,
    look_ahead,
    mean,
    neither_corrected,
    newly_corrected,
    not_kept,
    penalty,
    rate_twice,
    renamed,
    rootless,
    same_t,
    signed,
    stale,
    summed,
    swapped,
    turned,
    uncentred,
    uncorrected,
    undecayed,
    unguarded,
    unsquared,
    unweighted,
    weighted,
)
from optlib.exercises.rewrites import Rewrite, everywhere, updated, used
from optlib.trace.nodes import is_input

MEMORIES = ("m", "v", "u", "v_max")
PER_MEMORY = (
    (
        "Unkept",
        lambda key: not_kept(key, at_least=2),
        "no second state beside {key}",
        "{key} is computed and used, but never stored, so it starts from zero again at every step: "
        "look at the state that update returns.",
    ),
    (
        "Stale",
        lambda key: stale(key),
        "no step that uses a new {key}",
        "The step uses {key} from before this gradient, so you are one step late: update {key} "
        "first, then step with it.",
    ),
    (
        "Unweighted",
        lambda key: updated(key, unweighted),
        "no average {key}",
        "What is new enters {key} with weight 1: in a moving average it enters with weight "
        "1 - {{beta}}, so that the weights add up to 1.",
    ),
    (
        "Averaged",
        lambda key: updated(key, weighted),
        "no accumulating {key}",
        "{key} averages, with weight 1 - {{beta}} on what is new, where this rule accumulates, with "
        "weight 1: your {key} is smaller by that factor.",
    ),
    (
        "Summed",
        lambda key: updated(key, summed),
        "no decay in {key}",
        "{key} adds up all it has seen: here it has to forget, so multiply the old {key} by "
        "{{beta}} before what is new is added.",
    ),
    (
        "Undecayed",
        lambda key: updated(key, undecayed),
        "no average {key}",
        "The old {key} keeps its full weight, so {key} grows without end: it should be multiplied "
        "by {{beta}}.",
    ),
    (
        "Exchanged",
        lambda key: updated(key, exchanged),
        "no decay in {key}",
        "In {key} the weights have changed places: the old {key} should keep the share {{beta}}, "
        "and you keep 1 - {{beta}} of it.",
    ),
    (
        "Mean",
        lambda key: updated(key, mean),
        "no plain sum {key}",
        "{key} is the mean of what was seen, where this rule keeps the sum: a mean does not grow "
        "with time, and the steps do not shrink.",
    ),
)
GENERAL = (
    Rewrite(
        "Uphill",
        turned,
        "no step",
        "The steps have the right size but go uphill: the gradient points up, so a minus sign is "
        "missing from the step.",
    ),
    Rewrite(
        "Forgetful",
        not_kept(),
        "no state",
        "Each step is computed as if it were the first: the state is not carried over to the next "
        "step, so look at what update returns and at what is stored.",
    ),
    Rewrite(
        "RateTwice",
        rate_twice,
        "no lr",
        "lr is applied twice: what the step is made of already holds it, so keep one of the two.",
    ),
    Rewrite(
        "NoRate",
        renamed({"hp.lr": 1.0}),
        "no lr",
        "lr is missing: the step still has to be multiplied by it.",
    ),
    Rewrite(
        "Sign",
        signed,
        "no gradient",
        "You use the sign of the gradient, or divide it by its size, where the gradient itself "
        "belongs: how steep the ground is does not count any more.",
    ),
    Rewrite(
        "NoRoot",
        everywhere(rootless),
        "no root",
        "The mean squares are used as they are: take the square root first, which brings back the "
        "units of what was squared.",
    ),
    Rewrite(
        "NotSquared",
        unsquared(lambda record, node: is_input(node, "g")),
        "no squared gradient",
        "v takes in g where it should take in g**2: unsquared gradients cancel, and the root of a "
        "negative number is not a number.",
    ),
    Rewrite(
        "MeanNotSquared",
        unsquared(lambda record, node: node is record.state.get("m")),
        "no squared mean",
        "m is subtracted from v as it is: a variance is the mean square minus the square of the "
        "mean, v - m**2.",
    ),
    Rewrite(
        "StepNotSquared",
        unsquared(lambda record, node: node is record.dx),
        "no squared step",
        "u averages the steps where it should average their squares, dx**2.",
    ),
    Rewrite(
        "EpsInsideRoot",
        everywhere(eps_inside),
        "no eps beside a root",
        "eps stands inside the square root, sqrt(v + eps): it should be added after the root, "
        "sqrt(v) + eps, and inside it acts like the much larger sqrt(eps).",
    ),
    Rewrite(
        "EpsOutsideRoots",
        everywhere(eps_outside),
        "no eps inside a root",
        "eps stands outside the roots: here it is inside, sqrt(v + eps), where it also sets the "
        "size of the first step.",
    ),
    Rewrite(
        "EpsOnX",
        everywhere(eps_after_fraction),
        "no eps beside a root",
        "eps is added to the fraction: a pair of brackets is missing, and eps belongs to the "
        "denominator, after the root.",
    ),
    Rewrite(
        "EpsHat",
        everywhere(eps_hat),
        "no root of a corrected average",
        "eps is added to the root of the uncorrected v, as in TensorFlow and Keras: correct v "
        "first, then take the root, then add eps.",
    ),
    Rewrite(
        "NoEps",
        renamed({"hp.eps": 0.0}),
        "no eps",
        "eps is missing: it is added to keep the denominator away from zero.",
    ),
    Rewrite(
        "BetasSwapped",
        swapped,
        "no two decays",
        "beta1 and beta2 have changed places: beta1 is the decay of m, beta2 that of v.",
    ),
    Rewrite(
        "TFrozen",
        renamed({"t": 1.0}),
        "no t",
        "t stays at 1: the corrections have to fade, so count the steps and use the current t.",
    ),
    Rewrite(
        "TAhead",
        renamed({"t": T + 1}),
        "no t",
        "t runs one ahead: the first step should use t = 1, so see where your counter starts and "
        "when it moves.",
    ),
    Rewrite(
        "TBehind",
        renamed({"t": T - 1}),
        "no t",
        "t runs one behind, so the first correction divides by 1 - beta**0, which is zero: the "
        "first step should use t = 1.",
    ),
    Rewrite(
        "SameT",
        everywhere(same_t),
        "no t + 1",
        "The m of the look-ahead is corrected with beta1**t: it stands for the next step, so its "
        "correction is 1 - beta1**(t + 1).",
    ),
    Rewrite(
        "Uncorrected",
        neither_corrected,
        "no two corrections",
        "Neither m nor v is corrected for its start at zero: divide m by 1 - beta1**t and v by "
        "1 - beta2**t.",
    ),
    Rewrite(
        "OnlyVCorrected",
        uncorrected("hp.beta1"),
        "no correction of m",
        "m is not corrected for its start at zero: divide it by 1 - beta1**t.",
    ),
    Rewrite(
        "OnlyMCorrected",
        uncorrected("hp.beta2"),
        "no correction of v",
        "v is not corrected for its start at zero: divide it by 1 - beta2**t.",
    ),
    Rewrite(
        "Corrected",
        used(newly_corrected),
        "no average that is left uncorrected",
        "You correct for the start at zero, which is a good idea, and Adam's: this rule uses its "
        "averages as they are.",
    ),
    Rewrite(
        "KeepsCorrected",
        corrected_kept,
        "no correction",
        "The corrected averages are stored and averaged on: keep m and v as they are, and correct "
        "a copy for the step.",
    ),
    Rewrite(
        "NoMaximum",
        everywhere(unguarded),
        "no maximum over time",
        "The step divides by the root of v: here it divides by the root of the largest v so far.",
    ),
    Rewrite(
        "NotCentered",
        everywhere(uncentred),
        "no variance",
        "This is plain RMSProp: the square of m, the mean gradient, has to be subtracted from v.",
    ),
    Rewrite(
        "LookAheadTwice",
        look_ahead(lambda m, first, second: m + second),
        "no look-ahead",
        "The look-ahead adds beta1*m to m, which counts the past twice: it belongs to what is new "
        "in this step.",
    ),
    Rewrite(
        "LookAheadWhole",
        look_ahead(lambda m, first, second: first + m),
        "no look-ahead",
        "The look-ahead adds the whole buffer: it should add beta1 times the buffer.",
    ),
    Rewrite(
        "NoDecay",
        renamed({"hp.weight_decay": 0.0}),
        "no weight decay",
        "weight_decay*x is missing from the step.",
    ),
    Rewrite(
        "DecayGrows",
        renamed({"hp.weight_decay": -DECAY}),
        "no weight decay",
        "The weights are pushed away from zero: weight_decay*x has to be subtracted, like the step.",
    ),
    Rewrite(
        "DecayFixed",
        everywhere(beside_rate),
        "no weight decay",
        "The weight decay is not scaled by lr: the step is -lr*(adaptive step + weight_decay*x).",
    ),
    Rewrite(
        "DecayCoupled",
        penalty,
        "no weight decay",
        "The decay is added to the gradient, which is Adam with an L2 penalty: in AdamW it goes "
        "beside the adaptive step, so that it is not divided by the root of v_hat.",
    ),
)
REWRITES = (
    *GENERAL,
    *(
        Rewrite(
            f"{name}{key.title().replace('_', '')}",
            change(key),
            needs.format(key=key),
            diagnosis.format(key=key),
            key,
        )
        for name, change, needs, diagnosis in PER_MEMORY
        for key in MEMORIES
    ),
    Rewrite(
        "StaleAll",
        stale(at_least=2),
        "no second state",
        "The step uses the whole state from before this gradient, so you are one step late: update "
        "the state first, then step with it.",
    ),
)
