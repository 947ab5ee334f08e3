"""Random programs of ordinary Python, as text: objects, closures, containers, exceptions; the same seed, the same text.

The arguments are three numbers and a counter.  Everything is analytic but for comparisons, so that complex numbers go
through it too.  Names of objects may be aliases of each other, functions may write to what is around them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

PRELUDE = '''
class Stop(Exception):
    pass


class Box:
    rate = 1.25

    def __init__(self, a, b=0.5):
        self.a = a
        self.b = b
        self.other = None

    def mix(self, t):
        return self.a * t + self.b * self.rate

    def bump(self, d):
        self.a += d
        return self

    def turn(self):
        self.a, self.b = self.b, self.a * 0.9

    @property
    def area(self):
        return self.a * self.b

    def __add__(self, o):
        return Box(self.a + o.a, self.b - o.b)

    def __rmul__(self, k):
        return Box(k * self.a, self.b)

    def __matmul__(self, o):
        return self.a * o.a + self.b * o.b

    def __getitem__(self, k):
        return self.a if k == 0 else self.b

    def __enter__(self):
        self.b = self.b * 1.1
        return self

    def __exit__(self, *what):
        self.a = self.a - 0.1
        return False


class Steep(Box):
    def mix(self, t):
        return super().mix(t) * np.cos(self.b)


class Pair(NamedTuple):
    u: float
    v: float = 0.75

    def both(self):
        return self.u * self.v


@dataclass
class Point:
    p: float
    q: float = 1.5

    def scaled(self, k):
        return Point(self.p * k, self.q + k)


def fold(t, *more, scale=1.0, **named):
    for m in more:
        t = t * 0.5 + m * scale
    return t + sum(named.values()) * 0.25


def deep(box, t, k):
    if k == 0:
        return box.mix(t)
    box.bump(t * 0.1)
    return deep(box, t * 0.9, k - 1) + box.b


def checked(t, low):
    if t < low:
        raise Stop
    return t * 1.5 - low


def often(f, t, n):
    for _ in range(n):
        t = f(t) * 0.75
    return t
'''


@dataclass
class Names:
    """What is in scope."""

    numbers: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    lists: dict[str, int] = field(default_factory=dict)
    dicts: dict[str, list[str]] = field(default_factory=dict)
    counters: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    outer: list[str] = field(default_factory=list)

    def copy(self) -> Names:
        return Names(*(type(v)(v) for v in vars(self).values()))


class Writer:
    """Writes one program."""

    def __init__(self, seed: int, size: int = 7) -> None:
        self.rng, self.size = random.Random(seed), size
        self.lines: list[str] = []
        self.names = Names(["x", "y", "z"])
        self.made = self.inner = 0

    def pick(self, *options: str) -> str:
        return self.rng.choice(options)

    def new(self, stem: str) -> str:
        self.made += 1
        return f"{stem}{self.made}"

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    # ---- expressions

    def leaf(self) -> str:
        n = self.names
        options = [*n.numbers * 2, self.pick("0.5", "-1.25", "2.0", "0.3"), *n.counters]
        options += [f"{b}.{self.pick('a', 'b', 'area')}" for b in n.boxes]
        options += [f"{b}[{self.pick('0', '1')}]" for b in n.boxes]
        options += [f"{p}.{self.pick('u', 'v')}" for p in n.pairs] + [f"{p}.{self.pick('p', 'q')}" for p in n.points]
        options += [f"{s}[{self.rng.randrange(k)}]" for s, k in n.lists.items()] + [f"{s}[-1]" for s in n.lists]
        options += [f"{d}[{self.rng.choice(keys)!r}]" for d, keys in n.dicts.items()]
        return self.rng.choice(options)

    def number(self, depth: int = 0) -> str:
        n = self.names
        if depth > 1:
            return self.leaf()
        kinds = ["leaf", "product", "product", "sum", "sin", "quotient", "ternary", "most", "walk", "fold"]
        kinds += ["method"] * 2 * bool(n.boxes) + ["call"] * 3 * bool(n.functions) + ["items"] * bool(n.dicts)
        kinds += ["total"] * bool(n.lists) + ["both"] * bool(n.pairs) + ["lambda", "boxed", "any"]
        kind = self.pick(*kinds)
        one, two = self.number(depth + 1), self.leaf()
        if kind == "product":
            return f"{one} * {two}"
        if kind == "sum":
            return f"({one} {self.pick('+', '-')} {two})"
        if kind == "sin":
            return f"np.{self.pick('sin', 'cos', 'tanh')}({one})"
        if kind == "quotient":
            return f"{two} / (2.0 + {self.leaf()} ** 2)"
        if kind == "ternary":
            return f"({one} if {self.condition()} else {two})"
        if kind == "most":
            return f"{self.pick('max', 'min')}({one}, {two})"
        if kind == "walk":
            k = self.new("k")
            over = self.pick("range(3)", f"({self.leaf()}, {self.leaf()})", *n.lists)
            return f"sum({k} * {two} for {k} in {over}{self.pick('', f' if {k} < 0.7')})"
        if kind == "fold":
            last = self.pick(f"scale={self.leaf()}", f"w={two}", "")
            return f"fold({one}, {self.pick(f'*({two}, 0.5)', two)}, {last})"
        if kind == "method":
            box = self.pick(*n.boxes)
            other, times = self.pick(*n.boxes), self.pick("1", "2", *n.counters)
            return self.pick(f"{box}.mix({one})", f"({box} @ {other})", f"({box} + {other}).a", f"({two} * {box}).area",
                             f"{box}.bump({two}).b", f"deep({box}, {two}, {times})")
        if kind == "call":
            return f"{self.pick(*n.functions)}({one})"
        if kind == "items":
            return f"sum({two} * w for _, w in {self.pick(*n.dicts)}.items())"
        if kind == "total":
            return f"sum({self.pick(*n.lists)})"
        if kind == "both":
            return f"{self.pick(*n.pairs)}.both()"
        if kind == "lambda":
            t = self.new("t")
            return f"often(lambda {t}: {t} * {two} + 0.1, {one}, {self.pick('2', 'n', *n.counters)})"
        if kind == "boxed":
            return f"{self.pick('Box', 'Steep')}({one}, {two}).{self.pick('area', 'mix(0.5)')}"
        if kind == "any" and n.lists:
            k = self.new("k")
            return f"({one} if {self.pick('any', 'all')}({k} < 0.5 for {k} in {self.pick(*n.lists)}) else {two})"
        return one

    def condition(self) -> str:
        one = f"{self.leaf()} {self.pick('<', '>')} {self.pick('0.1', '0.5', self.leaf())}"
        if self.names.counters and self.rng.random() < 0.3:
            one = f"{self.pick(*self.names.counters)} {self.pick('==', '<', '>=')} {self.pick('1', '2')}"
        return f"{one} {self.pick('and', 'or')} {self.leaf()} < 0.7" if self.rng.random() < 0.15 else one

    # ---- statements

    def block(self, depth: int, nesting: int, loop: bool, most: int = 3) -> None:
        outer, before = self.names.copy(), len(self.lines)
        for _ in range(self.rng.randint(1, most)):
            self.statement(depth, nesting, loop)
        if len(self.lines) == before:
            self.line(depth, "pass")
        self.names = outer

    def statement(self, depth: int, nesting: int, loop: bool) -> None:
        n = self.names
        kinds = ["rebind", "update", "update", "fresh", "box", "pair", "point", "list", "dict", "unpack", "walrus"]
        kinds += ["attribute", "attribute", "attribute", "alias", "method", "link"] * bool(n.boxes)
        kinds += ["item"] * 2 * bool(n.lists) + ["grow"] * bool(n.lists) * (nesting == 0) + ["key"] * 2 * bool(n.dicts)
        if nesting < 3 and self.inner < 6:
            kinds += ["branch"] * 3 + ["loop"] * 3 + ["while", "over", "attempt", "attempt", "with_", "match"]
            kinds += ["function"] * 3 * (nesting < 2 and not loop)
        if loop:
            kinds += ["leave"]
        elif nesting:
            kinds += ["give"]
        getattr(self, "write_" + self.pick(*kinds))(depth, nesting, loop)

    def write_fresh(self, depth: int, nesting: int, loop: bool) -> None:
        value, name = self.number(), self.new("s")
        self.line(depth, f"{name} = {value}")
        self.names.numbers.append(name)

    def write_rebind(self, depth: int, nesting: int, loop: bool) -> None:
        self.line(depth, f"{self.pick(*self.names.numbers)} = {self.number()}")

    def write_update(self, depth: int, nesting: int, loop: bool) -> None:
        self.line(depth, f"{self.pick(*self.names.numbers)} {self.pick('+=', '-=', '*=')} {self.number(1)}")

    def write_walrus(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.new("s")
        self.line(depth, f"{self.pick(*self.names.numbers)} = ({name} := {self.number(1)}) * {self.leaf()} + {name}")
        self.names.numbers.append(name)

    def write_box(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.new("b")
        two = f"Box({self.leaf()}) + Box({self.leaf()}, {self.leaf()})"
        value = self.pick(f"Box({self.number(1)})", f"Steep({self.leaf()}, b={self.leaf()})", two)
        self.line(depth, f"{name} = {value}")
        self.names.boxes.append(name)

    def write_pair(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.new("p")
        old = [f"{p}._replace(u={self.leaf()})" for p in self.names.pairs]
        value = self.pick(f"Pair({self.number(1)})", f"Pair(v={self.leaf()}, u={self.leaf()})", *old)
        self.line(depth, f"{name} = {value}")
        self.names.pairs.append(name)

    def write_point(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.new("o")
        old = [f"{p}.scaled({self.leaf()})" for p in self.names.points]
        self.line(depth, f"{name} = {self.pick(f'Point({self.number(1)})', *old)}")
        self.names.points.append(name)

    def write_list(self, depth: int, nesting: int, loop: bool) -> None:
        name, k = self.new("v"), self.rng.randint(1, 3)
        self.line(depth, f"{name} = [{', '.join(self.number(1) for _ in range(k))}]")
        self.names.lists[name] = k

    def write_dict(self, depth: int, nesting: int, loop: bool) -> None:
        name, keys = self.new("d"), self.rng.sample(["a", "b", "c"], self.rng.randint(1, 3))
        self.line(depth, f"{name} = {{{', '.join(f'{k!r}: {self.number(1)}' for k in keys)}}}")
        self.names.dicts[name] = keys

    def write_unpack(self, depth: int, nesting: int, loop: bool) -> None:
        one, two, rest = self.new("s"), self.new("s"), self.new("v")
        numbers = self.names.numbers
        if self.rng.random() < 0.5:
            self.line(depth, f"{one}, *{rest} = ({self.leaf()}, {self.leaf()}, {self.leaf()})")
            numbers.append(one)
            self.names.lists[rest] = 2
        else:
            self.line(depth, f"{one}, {two} = {self.leaf()}, {self.number(1)}")
            numbers += [one, two]

    def write_attribute(self, depth: int, nesting: int, loop: bool) -> None:
        box = self.pick(*self.names.boxes)
        self.line(depth, f"{box}.{self.pick('a', 'b')} {self.pick('=', '=', '+=', '*=')} {self.number(1)}")

    def write_alias(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.new("b")
        other = self.pick(*self.names.boxes)
        value = self.pick(other, other, f"{other} if {self.condition()} else {self.pick(*self.names.boxes)}",
                          f"[{other}, {self.pick(*self.names.boxes)}][{self.pick('0', '1')}]",
                          f"{other}.bump({self.leaf()})")
        self.line(depth, f"{name} = {value}")
        self.names.boxes.append(name)

    def write_link(self, depth: int, nesting: int, loop: bool) -> None:
        box, other = self.pick(*self.names.boxes), self.pick(*self.names.boxes)
        self.line(depth, f"{box}.other = {other}")
        self.line(depth, f"{box}.other.a = {self.number(1)}")

    def write_method(self, depth: int, nesting: int, loop: bool) -> None:
        box = self.pick(*self.names.boxes)
        self.line(depth, self.pick(f"{box}.turn()", f"{box}.bump({self.number(1)})", f"deep({box}, {self.leaf()}, 2)"))

    def write_item(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.pick(*self.names.lists)
        at = self.rng.randrange(self.names.lists[name])
        self.line(depth, f"{name}[{at}] {self.pick('=', '+=', '*=')} {self.number(1)}")

    def write_grow(self, depth: int, nesting: int, loop: bool) -> None:
        self.line(depth, f"{self.pick(*self.names.lists)}.append({self.number(1)})")

    def write_key(self, depth: int, nesting: int, loop: bool) -> None:
        name = self.pick(*self.names.dicts)
        self.line(depth, f"{name}[{self.rng.choice(self.names.dicts[name])!r}] {self.pick('=', '+=')} {self.number(1)}")

    def write_branch(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        self.line(depth, f"if {self.condition()}:")
        self.block(depth + 1, nesting + 1, loop)
        if self.rng.random() < 0.5:
            self.line(depth, "else:")
            self.block(depth + 1, nesting + 1, loop)

    def write_loop(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        i = self.new("i")
        self.line(depth, f"for {i} in range({self.pick('n', '3', '2', 'n - 1')}):")
        outer = self.names.copy()
        self.names.counters.append(i)
        self.block(depth + 1, nesting + 1, True)
        self.names = outer

    def write_while(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        c = self.new("c")
        self.line(depth, f"{c} = 0")
        self.line(depth, f"while {c} < {self.pick('3', 'n')} and ({self.condition()}):")
        self.line(depth + 1, f"{c} += 1")
        self.block(depth + 1, nesting + 1, True)

    def write_over(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        k, w = self.new("k"), self.new("w")
        n = self.names
        options = [(f"{w} in ({self.leaf()}, {self.leaf()})", [w], []),
                   (f"{k}, {w} in enumerate([{self.leaf()}, {self.leaf()}])", [w], [k])]
        options += [(f"{w} in {v}", [w], []) for v in n.lists] + [(f"_, {w} in {d}.items()", [w], []) for d in n.dicts]
        options += [(f"{w}, {k} in zip({v}, {self.pick(*n.lists)})", [w, k], []) for v in n.lists]
        head, numbers, counters = self.rng.choice(options)
        self.line(depth, f"for {head}:")
        outer = n.copy()
        self.names.numbers += numbers
        self.names.counters += counters
        self.block(depth + 1, nesting + 1, True, 2)
        self.names = outer

    def write_attempt(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        self.line(depth, "try:")
        name = self.pick(*self.names.numbers)
        if self.rng.random() < 0.5:
            self.statement(depth + 1, 3, loop)
        self.line(depth + 1, self.pick(f"{name} = checked({self.number(1)}, {self.pick('0.3', '-0.5', '0.0')})",
                                       f"if {self.condition()}:\n{'    ' * (depth + 2)}raise Stop"))
        if self.rng.random() < 0.5:
            self.statement(depth + 1, 3, loop)
        self.line(depth, f"except {self.pick('Stop', '(KeyError, Stop)', 'Exception')}:")
        self.line(depth + 1, f"{name} = {self.number(1)}")
        if self.rng.random() < 0.3:
            self.line(depth, self.pick("else:", "finally:"))
            self.line(depth + 1, f"{self.pick(*self.names.numbers)} *= {self.pick('0.9', '1.1')}")

    def write_with_(self, depth: int, nesting: int, loop: bool) -> None:
        if not self.names.boxes:
            return
        self.inner += 1
        name = self.new("b")
        self.line(depth, f"with {self.pick(*self.names.boxes)} as {name}:")
        outer = self.names.copy()
        self.names.boxes.append(name)
        self.block(depth + 1, 3, False, 2)
        self.names = outer

    def write_match(self, depth: int, nesting: int, loop: bool) -> None:
        self.inner += 1
        self.line(depth, f"match {self.pick('n', *self.names.counters)}:")
        for case in (self.pick("1", "0 | 2"), self.pick("k if k > 2", "3"), "_"):
            self.line(depth + 1, f"case {case}:")
            self.line(depth + 2, f"{self.pick(*self.names.numbers)} {self.pick('=', '+=')} {self.number(1)}")

    def write_function(self, depth: int, nesting: int, loop: bool) -> None:
        """A function that reads, and perhaps writes, what is around it."""
        self.inner += 1
        f, t = self.new("f"), self.new("t")
        self.line(depth, f"def {f}({t}{self.pick('', f', r={self.leaf()}')}):")
        outer = self.names.copy()
        mine = [v for v in outer.numbers if v not in "xyz" and depth == 1]
        written = self.rng.choice(mine) if mine and self.rng.random() < 0.5 else None
        if written:
            self.line(depth + 1, f"nonlocal {written}")
            self.line(depth + 1, f"{written} {self.pick('+=', '=')} {t} * {self.leaf()}")
        self.names.functions = []
        self.names.numbers = [t]
        outside = self.names.copy()
        outside.numbers = [t, *outer.numbers]
        kind = self.pick("plain", "branch", "loop", "box")
        if kind == "branch":
            self.names.numbers = outside.numbers
            self.line(depth + 1, f"if {self.condition()}:")
            self.line(depth + 2, f"return {self.number(1)}")
        elif kind == "loop":
            i = self.new("i")
            self.line(depth + 1, f"for {i} in range({self.pick('3', 'n')}):")
            self.line(depth + 2, f"{t} = {t} * 0.8 + {self.pick(*outer.numbers)} * 0.1")
            self.names.numbers = outside.numbers
            if self.rng.random() < 0.6:
                self.line(depth + 2, f"if {self.condition()}:")
                self.line(depth + 3, f"return {t} * {self.leaf()}")
        elif kind == "box" and outer.boxes:
            self.line(depth + 1, f"{self.pick(*outer.boxes)}.{self.pick('a', 'b')} {self.pick('=', '+=')} {t}")
        self.names.numbers = outside.numbers
        self.line(depth + 1, f"return {self.number(1)}")
        self.names = outer
        self.names.functions.append(f)

    def write_leave(self, depth: int, nesting: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, self.pick("break", "continue"))

    def write_give(self, depth: int, nesting: int, loop: bool) -> None:
        self.line(depth, f"if {self.condition()}:")
        self.line(depth + 1, f"return {self.number(1)}")

    def program(self) -> str:
        """The whole text."""
        self.line(0, "def program(x, y, z, n):")
        for _ in range(self.rng.randint(3, self.size)):
            self.statement(1, 0, False)
        n = self.names
        parts = [*n.numbers, *(f"{b}.a * {b}.b" for b in n.boxes), *(f"sum({v})" for v in n.lists),
                 *(f"{o}.q" for o in n.points)]
        chosen = self.rng.sample(parts, min(len(parts), 5))
        self.line(1, f"return {' + '.join(chosen)} + {self.number()}")
        return PRELUDE + "\n\n" + "\n".join(self.lines) + "\n"
