"""Points on a sphere into groups, and labels in a row that do not flutter. Plain mathematics; knows nothing of sound.

Seeds are fixed and nothing runs in parallel here: the same points give the same groups.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SEED = 0  # the same points always fall into the same groups
_TRIES, _ROUNDS = 8, 40

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def k_means(points: Floats, k: int) -> Labels:
    """(n,) labels 0..k-1 for n >= k points, the best of several starts.

    The first start cuts along the direction the points spread most in; the others are drawn far apart (k-means++).
    """
    draw = np.random.default_rng(SEED)
    starts = [_along_spread(points, k), *(_far_apart(points, k, draw) for _ in range(_TRIES))]
    return min((_settled(points, start, k) for start in starts), key=lambda found: found[0])[1]


def _settled(points: Floats, labels: Labels, k: int) -> tuple[float, Labels]:
    """(summed squared distance, labels) once no point changes its group any more."""
    for _ in range(_ROUNDS):
        new = nearest(points, centers(points, labels, k))
        if np.array_equal(new, labels):
            break
        labels = new
    apart = points - centers(points, labels, k)[labels]
    return round(float(np.einsum("nd,nd->", apart, apart)), 3), labels


def _along_spread(points: Floats, k: int) -> Labels:
    around = (points - points.mean(0)).astype(np.float64)
    widest = np.linalg.eigh(around.T @ around)[1][:, -1]
    ranks = np.argsort(np.argsort(around @ widest, kind="stable"), kind="stable")
    return np.asarray(ranks * k // len(points), np.int64)


def _far_apart(points: Floats, k: int, draw: np.random.Generator) -> Labels:
    chosen = [points[draw.integers(len(points))]]
    for _ in range(k - 1):
        apart = np.maximum(_squared(points, np.stack(chosen)).min(1), 1e-12).astype(np.float64)
        chosen.append(points[draw.choice(len(points), p=apart / apart.sum())])
    return nearest(points, np.stack(chosen))


def centers(points: Floats, labels: Labels, k: int) -> Floats:
    """(k, d) means; the mean of everything for a group that is empty."""
    every = points.mean(0)
    return np.stack([points[labels == n].mean(0) if (labels == n).any() else every for n in range(k)])


def nearest(points: Floats, middles: Floats) -> Labels:
    return np.asarray(np.argmin(_squared(points, middles), axis=1), np.int64)


def _squared(points: Floats, middles: Floats) -> Floats:
    """(n, k) squared distances, but for what is the same for all middles of a point."""
    own = np.einsum("nd,nd->n", points, points)[:, None]
    return np.asarray(own - 2 * points @ middles.T + np.einsum("kd,kd->k", middles, middles), np.float32)


def silhouettes(points: Floats, labels: Labels, k: int) -> Floats:
    """(n,) how much nearer each point is to its own group than to the next, -1..1, by mean cosine.

    Rousseeuw 1987, with 1 - cosine as the distance; points have length 1.
    """
    sizes = np.array([(labels == n).sum() for n in range(k)])
    alike = points @ np.stack([points[labels == n].sum(0) for n in range(k)]).T
    rows = np.arange(len(points))
    own = (alike[rows, labels] - 1) / np.maximum(sizes[labels] - 1, 1)
    mean = alike / np.maximum(sizes, 1)
    mean[rows, labels] = -np.inf
    mean[:, sizes == 0] = -np.inf
    other = mean.max(1)
    return np.asarray((own - other) / np.maximum(np.maximum(1 - own, 1 - other), 1e-6), np.float32)


def best_path(gains: Floats, costs: Floats) -> Labels:
    """(t,) labels that gain most over (t, k) gains, where going to another label before step t costs costs[t] (Viterbi)."""
    steps, k = gains.shape
    came_from = np.zeros((steps, k), np.int64)
    best = gains[0].astype(np.float64)
    for t in range(1, steps):
        leader = int(best.argmax())
        changed = best[leader] - costs[t]
        stays = best >= changed
        came_from[t] = np.where(stays, np.arange(k), leader)
        best = np.where(stays, best, changed) + gains[t]
    path = np.zeros(steps, np.int64)
    path[-1] = int(best.argmax())
    for t in range(steps - 1, 0, -1):
        path[t - 1] = came_from[t, path[t]]
    return path
