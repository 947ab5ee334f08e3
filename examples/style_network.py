"""The layout of Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition"
(arXiv:1409.1556), in plain NumPy, with filters learnt without labels as by Coates, Lee and Ng, "An analysis of
single-layer networks in unsupervised feature learning" (AISTATS 2011).

Layers are called conv1_1, conv1_2, conv2_1, …: convolutions of 3 x 3 pixels with a border of zeros, each followed by a
ReLU; between the blocks the picture is halved by averages over 2 x 2 pixels.  A picture has the shape (height, width,
3): red, green, blue from 0 to 255 less the mean pixel.  A network is a dict from names of layers to pairs (W, b) of the
shapes (3, 3, in, out) and (out,).

The run learns filters from two photographs, layer by layer, draws those of the first layer
(examples/out/style_network.png), prints the derivative of a layer that s2sad generates, and compares the gradient with
central differences.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.datasets import load_sample_image

import s2sad

OUT = Path(__file__).parent / "out"
PLAN = {"conv1_1": 32, "conv1_2": 32, "conv2_1": 64, "conv2_2": 64, "conv3_1": 64}
Weights = dict[str, tuple[np.ndarray, np.ndarray]]


def convolve(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Each pixel of y is the sum over its 3 x 3 neighbours of x @ W[i, j]."""
    h, w, _ = x.shape
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    y = np.zeros((h, w, len(b)), x.dtype) + b
    for i in range(3):
        for j in range(3):
            y += padded[i:i + h, j:j + w] @ W[i, j]
    return y


def pool(x: np.ndarray) -> np.ndarray:
    """Half the picture: averages over 2 x 2 pixels."""
    return (x[::2, ::2] + x[1::2, ::2] + x[::2, 1::2] + x[1::2, 1::2]) / 4.0


def layer(name: str, last: str, x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The response of a layer to that of the last one."""
    if name[4] != last[4]:
        x = pool(x)
    return np.maximum(convolve(x, W, b), 0.0)


def features(x: np.ndarray, weights: Weights) -> dict[str, np.ndarray]:
    """The responses of all layers, by their names."""
    responses, last = {}, "conv1_0"
    for name, (W, b) in weights.items():
        x = responses[name] = layer(name, last, x, W, b)
        last = name
    return responses


def features_by_torch(torch, x, weights: Weights):
    """The same in PyTorch."""
    responses, last, y = {}, "conv1_0", x.permute(2, 0, 1)[None]
    for name, (W, b) in weights.items():
        if name[4] != last[4]:
            y = torch.nn.functional.avg_pool2d(y, 2)
        y = torch.nn.functional.conv2d(y, torch.tensor(W).permute(3, 2, 0, 1), torch.tensor(b), padding=1).relu()
        responses[name], last = y[0].permute(1, 2, 0), name
    return responses


def photograph(picture: np.ndarray, size: int) -> np.ndarray:
    """A picture of about this width: averages over blocks of pixels, and sides that can be halved four times."""
    picture = np.atleast_3d(picture)[:, :, :3] * np.full(3, 1 if picture.dtype == np.uint8 else 255)
    k = max(1, round(picture.shape[1] / size))
    h, w = picture.shape[0] // k // 16 * 16, picture.shape[1] // k // 16 * 16
    return picture[:h * k, :w * k].reshape(h, k, w, k, 3).mean(axis=(1, 3)).astype(np.float32)


def clusters(xs: list[np.ndarray], count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Filters that tell apart what 3 x 3 pixels look like: centres of clusters of whitened patches of unit length."""
    depth = xs[0].shape[2]
    views = [np.lib.stride_tricks.sliding_window_view(x, (3, 3), (0, 1)) for x in xs]
    patches = np.concatenate([v.transpose(0, 1, 3, 4, 2).reshape(-1, 9 * depth) for v in views]).astype(float)
    patches = rng.permutation(patches)[:8000]
    mean = patches.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(patches - mean, rowvar=False))
    keep = variances > 1e-4 * variances[-1]
    whiten = axes[:, keep] / np.sqrt(variances[keep] + 1e-3 * variances[-1])
    points = (patches - mean) @ whiten
    points /= np.linalg.norm(points, axis=1, keepdims=True) + 1e-6
    centres = MiniBatchKMeans(count, n_init=1, max_iter=20, random_state=0).fit(points).cluster_centers_
    W = whiten @ (centres / np.linalg.norm(centres, axis=1, keepdims=True)).T
    return W.reshape(3, 3, depth, count), -mean @ W


def network(photographs: list[np.ndarray], filters: Weights | dict[str, int], rng: np.random.Generator) -> Weights:
    """The filters given, or as many learnt, scaled so that each one's mean response to the photographs is 1."""
    weights, xs, last = {}, photographs, "conv1_0"
    for name, given in filters.items():
        below = [pool(x) if name[4] != last[4] else x for x in xs]
        W, b = clusters(below, given, rng) if isinstance(given, int) else given
        mean = sum(layer(name, last, x, W, b).mean(axis=(0, 1)) for x in xs) / len(xs)
        scale = 1.0 / np.maximum(mean, 0.1 * mean.mean())  # some hardly ever respond
        weights[name] = W, b = (W * scale).astype(np.float32), (b * scale).astype(np.float32)
        xs = [layer(name, last, x, W, b) for x in xs]
        last = name
    return weights


def response(x, W, b, seen):
    return np.vdot(seen, np.maximum(convolve(x, W, b), 0.0))


def main() -> None:
    start, rng = perf_counter(), np.random.default_rng(0)
    photographs = [photograph(load_sample_image(f"{name}.jpg"), 160) for name in ("china", "flower")]
    xs = [x - np.mean(photographs, axis=(0, 1, 2)) for x in photographs]
    weights = network(xs, PLAN, rng)
    seconds = perf_counter() - start

    W, b = weights["conv1_1"]
    figure, axes = plt.subplots(4, 8, figsize=(9, 5), layout="constrained")
    for k, ax in enumerate(axes.flat):
        ax.imshow(0.5 + 0.5 * W[..., k] / np.abs(W[..., k]).max())
        ax.axis("off")
    figure.suptitle("Without labels: what 32 clusters of 3 x 3 pixels of two photographs look for")
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / "style_network.png", dpi=100)
    x, W, b = (v.astype(float) for v in (xs[0][:32, :32], W, b))
    seen = rng.normal(size=(32, 32, len(b)))
    print(s2sad.derive(response, "value_and_grad", wrt="x", types=(x, W, b, seen)).source)
    slope, step = s2sad.grad(response)(x, W, b, seen), rng.normal(size=x.shape)
    difference = (response(x + 1e-6 * step, W, b, seen) - response(x - 1e-6 * step, W, b, seen)) / 2e-6
    error = abs(np.vdot(slope, step) / difference - 1.0)
    print(f"{len(weights)} layers of filters learnt in {seconds:.1f} s; "
          f"gradient by the picture and central differences differ by {error:.1e}")
    assert error < 1e-6


if __name__ == "__main__":
    main()
