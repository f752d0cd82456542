"""What walks down the recorded gradients: each library's own optimiser, and two papers' listings.

One function for each library: a fresh optimiser, stepped along ``g`` from ``START``. ``at(t)``
gives the settings that change from step to step. The libraries are imported where they are used.
"""

import math

START = (1.0, -0.5)


def torch_path(name, settings, at, g):
    import torch

    torch.set_default_dtype(torch.float64)  # NAdam keeps a product of its β in the default type
    x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([x], **settings)
    path = [START]
    for t, row in enumerate(g, 1):
        optimizer.param_groups[0].update(at(t))
        x.grad = torch.tensor(row)
        optimizer.step()
        path.append(x.detach().numpy().copy())
    return path


def optax_path(make, at, g):
    import jax.numpy as jnp
    import optax

    rates = jnp.array([at(t).get("lr", math.nan) for t in range(1, len(g) + 1)])
    transform = make(optax, lambda count: rates[count])
    x = jnp.array(START)
    state = transform.init(x)
    path = [START]
    for row in g:
        dx, state = transform.update(jnp.array(row), state, x)
        x = optax.apply_updates(x, dx)
        path.append(x)
    return path


def keras_path(name, settings, at, g):
    import keras

    x = keras.Variable(list(START))
    optimizer = getattr(keras.optimizers, name)(**settings)
    optimizer.build([x])
    path = [START]
    for t, row in enumerate(g, 1):
        for field, value in at(t).items():
            setattr(optimizer, field, value)
        optimizer.apply([keras.ops.convert_to_tensor(row)], [x])
        path.append(keras.ops.convert_to_numpy(x).copy())
    return path


def tensorflow_path(kernel, slots, settings, at, g):
    import tensorflow as tf

    x = tf.Variable(START, dtype=tf.float64)
    memory = {name: tf.Variable(tf.zeros_like(x)) for name in slots}
    handles = {name: slot.handle for name, slot in memory.items()}
    run = getattr(tf.raw_ops, kernel)
    path = [START]
    for t, row in enumerate(g, 1):
        numbers = {
            name: value if isinstance(value, bool) else tf.constant(value, tf.float64)
            for name, value in {**settings, **at(t)}.items()
        }
        slope = "delta" if kernel == "ResourceApplyGradientDescent" else "grad"
        run(var=x.handle, **handles, **numbers, **{slope: tf.constant(row)})
        path.append(x.numpy())
    return path


def sklearn_path(name, settings, at, g):
    import numpy as np
    from sklearn.neural_network import _stochastic_optimizers

    x = np.array(START)
    optimizer = getattr(_stochastic_optimizers, name)([x], **settings)
    path = [START]
    for t, row in enumerate(g, 1):
        for field, value in at(t).items():
            setattr(optimizer, field, value)
        optimizer.update_params([x], [row])  # in place
        path.append(x.copy())
    return path


# Two algorithms as their papers print them, in plain Python numbers, one coordinate at a time.


def amsgrad_as_printed(g, lr, beta1, beta2, eps):
    """Reddi, Kale and Kumar (2018), Algorithm 2, with ε added to the root as in Adam."""
    columns = []
    for start, column in zip(START, g.T, strict=True):
        x, m, v, v_hat = start, 0.0, 0.0, 0.0
        columns.append([x])
        for g_t in column.tolist():
            m = beta1 * m + (1 - beta1) * g_t
            v = beta2 * v + (1 - beta2) * g_t * g_t
            v_hat = max(v_hat, v)
            x = x - lr * m / (math.sqrt(v_hat) + eps)
            columns[-1].append(x)
    return list(zip(*columns, strict=True))


def laprop_as_printed(g, lr, beta1, beta2, eps):
    """Ziyin, Wang and Ueda (2020), Algorithm 1, with their μ and ν named β₁ and β₂."""
    columns = []
    for start, column in zip(START, g.T, strict=True):
        x, m, n, c_m, c_n = start, 0.0, 0.0, 0.0, 0.0
        columns.append([x])
        for g_t in column.tolist():
            n = beta2 * n + (1 - beta2) * g_t * g_t
            c_n = beta2 * c_n + (1 - beta2)
            m = beta1 * m + (1 - beta1) * g_t / (math.sqrt(n / c_n) + eps)
            c_m = beta1 * c_m + (1 - beta1)
            x = x - lr * m / c_m
            columns[-1].append(x)
    return list(zip(*columns, strict=True))
