"""Gatys, Ecker, Bethge, "A neural algorithm of artistic style" (arXiv:1508.06576), in plain NumPy.

One picture gives the content, another one the style.  A third picture x is changed until the responses F of one layer
of a convolutional network (style_network.py) are those P of the first, and the correlations G = F.T @ F of the
responses of several layers, which do not know where in a picture something is, are those A of the second.  s2sad gives
the gradient with respect to the pixels of x, L-BFGS-B changes them.  The run draws content, style, result and losses
(examples/out/style_transfer.png), and compares the gradient with central differences and, if it is there, PyTorch's.

Without options the pictures are scikit-learn's, and the filters are learnt from them, without labels, in seconds.
`--weights vgg19.npz` takes those of VGG-19: float32 arrays conv1_1_W of the shape (3, 3, in, out), conv1_1_b of the
shape (out,), and so on to conv5_1, for red, green, blue from 0 to 255 less the array mean.  To make the file:

    convolutions = [m for m in torchvision.models.vgg19(weights="IMAGENET1K_V1").features if hasattr(m, "weight")]
    names = [f"conv{block}_{k + 1}" for block, n in enumerate((2, 2, 4, 4, 1), 1) for k in range(n)]
    arrays = {"mean": 255 * np.array([0.485, 0.456, 0.406], np.float32)}
    for name, m in zip(names, convolutions):
        arrays[name + "_W"] = m.weight.detach().numpy().transpose(2, 3, 1, 0)
        arrays[name + "_b"] = m.bias.detach().numpy()
    arrays["conv1_1_W"] = arrays["conv1_1_W"] / (255 * np.array([[0.229], [0.224], [0.225]], np.float32))
    np.savez("vgg19.npz", **arrays)
"""

from __future__ import annotations

import argparse
from pathlib import Path
from timeit import default_timer, repeat

import matplotlib.pyplot as plt
import numpy as np
from scipy.linalg import sqrtm
from scipy.optimize import minimize
from sklearn.datasets import load_sample_image as sample
from style_network import OUT, PLAN, features, features_by_torch, network, photograph

import s2sad


def gram(F):
    F = F.reshape(-1, F.shape[2])
    return F.T @ F / len(F)


def losses(F, content, style):
    """The losses of content and style: equations 1 and 5."""
    content_loss = sum(((F[name] - P) ** 2).sum() for name, P in content.items()) / 2
    style_loss = sum(((gram(F[name]) - A) ** 2).sum() / (4 * len(A) ** 2) for name, A in style.items()) / len(style)
    return content_loss, style_loss


def total_loss(x, weights, content, style, alpha, beta):
    """Equation 7, and its two parts."""
    parts = losses(features(x, weights), content, style)
    return alpha * parts[0] + beta * parts[1], parts


def targets(p, a, weights, layer, layers):
    """The responses to the content in one layer, the correlations of the responses to the style in several ones."""
    P, F = features(p, weights), features(a, weights)
    return {layer: P[layer]}, {name: gram(F[name]) for name in layers}


def recoloured(p, a):
    """A picture in the colours of another one: with the mean and the covariance of its pixels."""
    p_pixels, a_pixels = (v.reshape(-1, 3).astype(float) for v in (p, a))
    change = np.linalg.solve(sqrtm(np.cov(p_pixels.T)), sqrtm(np.cov(a_pixels.T)))
    return np.clip((p_pixels - p_pixels.mean(axis=0)) @ change + a_pixels.mean(axis=0), 0, 255).reshape(p.shape)


def errors(x, p, a, weights, layer, layers, alpha, beta):
    """Relative differences of the gradient in double precision from central differences and from PyTorch's."""
    weights = {name: (W.astype(float), b.astype(float)) for name, (W, b) in weights.items()}
    content, style = targets(p.astype(float), a.astype(float), weights, layer, layers)
    data = weights, content, style, alpha, beta
    slope, way = s2sad.grad(total_loss, has_aux=True)(x, *data)[0], np.random.default_rng(1).normal(size=x.shape)
    difference = (total_loss(x + 1e-6 * way, *data)[0] - total_loss(x - 1e-6 * way, *data)[0]) / 2e-6
    by_differences = abs(np.vdot(slope, way) / difference - 1.0)
    try:
        import torch
    except ImportError:
        return by_differences, None
    pixels = torch.tensor(x, requires_grad=True)
    content, style = ({name: torch.tensor(v) for name, v in d.items()} for d in (content, style))
    parts = losses(features_by_torch(torch, pixels, weights), content, style)
    (alpha * parts[0] + beta * parts[1]).backward()
    return by_differences, np.linalg.norm(slope - pixels.grad.numpy()) / np.linalg.norm(slope)


def draw(out, p, a, x, history):
    figure, axes = plt.subplots(2, 2, figsize=(9, 6), layout="constrained")
    for ax, picture, title in zip(axes.flat, (p, a, x), ("content", "style", "content in this style")):
        ax.set(title=title, xticks=[], yticks=[])
        ax.imshow(picture / 255)
    axes[1, 1].semilogy(history / history[0], label=["loss of content", "loss of style"])
    title = "both losses fall, content {:.1f} times, style {:.0f} times".format(*(history[0] / history[-1]))
    axes[1, 1].set(xlabel="evaluation of the gradient", ylabel="relative to the start", title=title)
    axes[1, 1].legend()
    out.parent.mkdir(exist_ok=True)
    figure.savefig(out, dpi=100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--content", type=plt.imread, default=sample("china.jpg"), help="picture to paint")
    parser.add_argument("--style", type=plt.imread, default=sample("flower.jpg")[60:400, 140:500], help="how")
    parser.add_argument("--weights", help="VGG-19's weights, see above")
    parser.add_argument("--size", type=int, default=213, help="about the width of the picture in pixels")
    parser.add_argument("--steps", type=int, default=200, help="iterations of L-BFGS-B")
    parser.add_argument("--alpha", type=float, default=1e-6, help="weight of the content")
    parser.add_argument("--beta", type=float, default=1.0, help="weight of the style")
    parser.add_argument("--out", type=Path, default=OUT / "style_transfer.png")
    option = parser.parse_args()
    p, a = photograph(option.content, option.size), photograph(option.style, 0.6 * option.size)
    filters, mean, layer = PLAN, (p.mean(axis=(0, 1)) + a.mean(axis=(0, 1))) / 2, "conv3_1"
    if option.weights:
        file, layer = np.load(option.weights), "conv4_2"
        filters = {key[:7]: (file[key], file[key[:7] + "_b"]) for key in sorted(file) if key.endswith("_W")}
        mean = file["mean"]
    weights = network([p - mean, a - mean], filters, np.random.default_rng(0))
    layers = [name for name in weights if name.endswith("_1") or not option.weights]
    data = weights, *targets(p - mean, a - mean, weights, layer, layers), option.alpha, option.beta
    value_and_grad, history, begun = s2sad.value_and_grad(total_loss, has_aux=True), [], default_timer()

    def objective(pixels: np.ndarray) -> tuple[float, np.ndarray]:
        (value, parts), slope = value_and_grad(pixels.reshape(p.shape).astype(np.float32) - mean, *data)
        history.append(parts)
        return float(value), slope.astype(float).ravel()

    start = recoloured(p, a)
    found = minimize(objective, start.ravel(), method="L-BFGS-B", jac=True, bounds=[(0, 255)] * p.size,
                     options={"maxiter": option.steps, "maxcor": 20, "ftol": 0.0, "gtol": 0.0})
    x, seconds = found.x.reshape(p.shape).astype(np.float32), default_timer() - begun
    draw(option.out, p, a, x, np.array(history))
    by_differences, by_torch = errors(start - mean, p - mean, a - mean, weights, layer, layers, *data[3:])
    cost = min(repeat(lambda: value_and_grad(x, *data), number=1)) / min(repeat(lambda: total_loss(x, *data), number=1))
    (content, style), (content_after, style_after) = history[0], history[-1]
    print(f"{found.nit} steps in {seconds:.0f} s: loss of content {content:.2g} -> {content_after:.2g}, of style "
          f"{style:.2g} -> {style_after:.2g}; value and gradient cost {cost:.1f} times the value; the gradient differs "
          f"from central differences by {by_differences:.0e}, from PyTorch's by "
          + ("(not installed)" if by_torch is None else f"{by_torch:.0e}"))
    assert by_differences < 1e-6 and (by_torch or 0.0) < 1e-6 and cost < 10.0
    assert option.steps < 200 or style_after < style / 10 and content_after < content / 2


if __name__ == "__main__":
    main()
