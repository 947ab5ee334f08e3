"""Control flow that depends on the data: many paths through a program, one derivative for all of them.

Section 4.2 of A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind, "Automatic differentiation in machine
learning: a survey", Journal of Machine Learning Research 18 (2018): where programs branch and loop as their data ask,
frameworks that "define by run" record each path anew.  s2sad writes the derivative once: its loops and branches follow
those of the function.

The function throws a ball upwards, with drag, and lets it bounce until TIME.  How a Runge-Kutta method halves and
doubles its steps, how often the ball hits the ground and how long Newton's method looks for each impact depends on the
speed.
The run prints the derivative, calls it for 500 speeds, and compares first and second derivatives with differences
wherever these do not leave the path.  The picture ``out/survey_define_by_run.png`` shows the height at TIME and its
derivative, coloured by the number of impacts.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np

import s2sad

matplotlib.use("Agg")
import matplotlib.pyplot as plt

OUT = Path(__file__).parent / "out"
TIME, GRAVITY, DRAG, BOUNCE = 3.0, 9.81, 0.02, 0.8       # s, m/s^2, 1/m, 1
TOLERANCE = 1e-4


def acceleration(v):
    """Gravity, and the drag of the air."""
    return -GRAVITY - DRAG * v * abs(v)


def advance(y, v, h):
    """One step of Bogacki and Shampine's method, of third order, with its distance from second order."""
    a1 = acceleration(v)
    v2 = v + h / 2.0 * a1
    a2 = acceleration(v2)
    v3 = v + 0.75 * h * a2
    a3 = acceleration(v3)
    y_new = y + h * (2.0 * v + 3.0 * v2 + 4.0 * v3) / 9.0
    v_new = v + h * (2.0 * a1 + 3.0 * a2 + 4.0 * a3) / 9.0
    a4 = acceleration(v_new)
    error = abs(h * (-5.0 * a1 + 6.0 * a2 + 8.0 * a3 - 9.0 * a4) / 72.0)
    return y_new, v_new, error


def throw(speed):
    """The height of the ball at TIME, and the path of the program: . step, < halved, > doubled, n Newton, | impact."""
    t, y, v, h, path = 0.0, 0.0, speed, 0.1, ""
    while t < TIME:
        h = min(h, TIME - t)
        y_new, v_new, error = advance(y, v, h)
        if error > TOLERANCE:
            h = h / 2.0
            path += "<"
            continue
        if y_new < 0.0:                     # the ball hits the ground within this step
            while abs(y_new) > 1e-12:
                h = h - y_new / v_new
                y_new, v_new, error = advance(y, v, h)
                path += "n"
            t, y, v, h = t + h, 0.0, -BOUNCE * v_new, 0.1
            path += "|"
            continue
        t, y, v = t + h, y_new, v_new
        path += "."
        if error < TOLERANCE / 16.0:
            h = 2.0 * h
            path += ">"
    return y, path


def central(f, x, width=1e-6):
    """The central difference of f at x."""
    return (f(x + width) - f(x - width)) / (2.0 * width)


def main() -> None:
    """Differentiate once, call many times, check, draw."""
    derivative = s2sad.derive(throw, "value_and_grad", types="speed: float", has_aux=True)
    print(derivative)
    slope = s2sad.grad(lambda speed: throw(speed)[0])
    curvature = s2sad.grad(slope)

    speeds = np.linspace(5.0, 20.0, 500)
    heights, slopes, paths = [], [], []
    for speed in speeds.tolist():
        (height, path), speed_bar = derivative(speed)
        heights.append(height)
        slopes.append(speed_bar)
        paths.append(path)
    print("Some of the paths (. step, < halved, > doubled, n Newton, | impact):\n")
    for k in range(0, len(speeds), 71):
        print(f"{speeds[k]:6.2f} m/s  slope {slopes[k]:6.3f} s  {paths[k]}")

    first, second = [], []
    for speed, path, speed_bar in zip(speeds.tolist(), paths, slopes):
        if throw(speed - 1e-6)[1] == path == throw(speed + 1e-6)[1]:
            first.append(abs(speed_bar - central(lambda s: throw(s)[0], speed)))
            if len(first) % 10 == 0:
                second.append(abs(curvature(speed) - central(slope, speed)))
    draw(speeds, np.array(heights), np.array(slopes), np.array([path.count("|") for path in paths]), len(set(paths)))
    print(f"{len(speeds)} speeds take {len(set(paths))} paths through one derivative; largest difference from central "
          f"differences within a path: {max(first):.0e}, of the second derivative {max(second):.0e}")
    assert len(set(paths)) > 50 and len(first) > 400 and len(second) > 40
    assert max(first) < 1e-7 and max(second) < 1e-7


def draw(speeds, heights, slopes, impacts, paths) -> None:
    """Height and derivative over the speed, a piece for each number of impacts."""
    figure, panels = plt.subplots(2, 1, figsize=(9, 5), dpi=100, layout="constrained", sharex=True)
    colours = plt.get_cmap("viridis")(np.linspace(0.0, 0.9, impacts.max() + 1))
    for count, colour in enumerate(colours):
        for panel, values in zip(panels, (heights, slopes)):
            panel.plot(speeds[impacts == count], values[impacts == count], ".", color=colour, markersize=4,
                       label=f"{count} impact{'s' * (count != 1)}")
    panels[0].set(ylabel=f"height after {TIME:.0f} s in m",
                  title=f"{len(speeds)} throws take {paths} paths through the program: one derivative serves them all")
    panels[1].set(xlabel="speed of the throw in m/s", ylabel="its derivative in s")
    panels[0].legend()
    for panel in panels:
        panel.grid(alpha=0.3)
    OUT.mkdir(exist_ok=True)
    figure.savefig(OUT / "survey_define_by_run.png")


if __name__ == "__main__":
    main()
