"""Sparse matrices: how the calls that make them are taken apart into elements and pattern, and sparse systems.

    scipy.sparse.csr_matrix((data, (row, col)), shape=(n, m))     data, ("coo", row, col)
    scipy.sparse.csr_matrix((data, indices, indptr))              data, ("csr", indices, indptr)
    scipy.sparse.diags([d, e], [0, 1])                            np.concatenate([d, e]), ("diags", (0, 1), (n, n - 1))

The object is made by what the user has written; an object from outside has elements that are constants.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from s2sad.frontend import meanings
from s2sad.frontend.equivalents import is_equivalent
from s2sad.frontend.equivalents_sparse import Factors, Sparse
from s2sad.frontend.lower_standins import StandIns
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.opaque import is_sparse
from s2sad.frontend.values import Seq, Unusable, Value, describe_value, is_bottom
from s2sad.rules.builder import type_of
from s2sad.rules.macros_sparse import MATRIX, kind_text
from s2sad.trace.ir import NONE, Arg, Lit, Tup, Var
from s2sad.trace.types import NOTHING, Array, Opaque, dtype_of, promote, rank

_FORMATS = frozenset("csr csc coo bsr dia lil dok".split())
_FIELDS = ("matrix", "values", "pattern", "rows", "columns", "kind")
_SAME_SHAPE = "the shape must be a pair of whole numbers"
# Of iterative solvers, options that do not change what the solution is.
_ITERATIVE = frozenset("cg cgs bicg bicgstab gmres lgmres minres gcrotmk tfqmr qmr".split())
_HOW = frozenset("rtol atol maxiter restart".split())


class SparseMatrices(StandIns):
    """Handlers by canonical name."""

    def outside(self, value: Unusable) -> Var:
        raise NotImplementedError

    # Objects from outside.

    def from_meaning(self, meaning: meanings.Meaning, scope: Any, node: Any) -> Value:
        found = super().from_meaning(meaning, scope, node)
        if isinstance(found, Unusable) and is_sparse(found.meaning.object):
            return self.given_sparse(self.outside(found))
        return found

    def name(self, name: str, node: Any, frame: Any) -> Value:
        found = super().name(name, node, frame)
        if isinstance(found, Var) and _is_sparse(found.type) and not is_equivalent(self.frame.source):
            return self.given_sparse(found)
        return found

    def given_sparse(self, a: Var) -> Value:
        """A sparse matrix whose elements are constants: the same object wherever it is read."""
        known: dict[Var, Seq] = self.__dict__.setdefault("_sparse_given", {})
        return known.setdefault(a, self.sparse(a, NONE, Seq((Lit("own"), a)), NONE, NONE))

    def sparse(self, a: Var, values: Any, pattern: Any, rows: Any, columns: Any) -> Seq:
        assert isinstance(a.type, Opaque)
        items = (a, values, pattern, rows, columns, Lit(a.type.what))
        return Seq(items, "object", _FIELDS, cls=meanings.class_of(Sparse))

    def parts_of_sparse(self, value: Value, node: Any, what: str) -> dict[str, Any]:
        """The attributes of a sparse matrix."""
        value = self.fresh_list(value)
        if not isinstance(value, Seq) or value.cls is None or value.cls.object is not Sparse:
            self.refuse_type(node, f"{what} of {describe_value(value)} is not supported",
                             "pass a sparse matrix")
        return dict(zip(value.keys, value.items))

    # What makes a sparse matrix.

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        found = super().special(name)
        module, _, last = name.rpartition(".")
        if found is not None or not module.startswith(MATRIX):
            return found
        kind, _, form = last.rpartition("_")
        if module == MATRIX and kind in _FORMATS and form in ("matrix", "array"):
            return lambda args, kwargs, node, hint: self._sparse_made(last, args, kwargs, node, hint)
        if module == MATRIX and last in ("diags", "diags_array"):
            return lambda args, kwargs, node, hint: self._sparse_diagonals(last, args, kwargs, node, hint)
        if module == MATRIX and last in ("eye", "eye_array", "identity"):
            return lambda args, kwargs, node, hint: self._sparse_constant(last, args, kwargs, node, hint)
        if module == MATRIX and last in ("block_diag", "vstack", "hstack"):
            return lambda args, kwargs, node, hint: self._sparse_stacked(last, args, kwargs, node, hint)
        if module == MATRIX and last == "kron":
            return self._sparse_kron
        if module == MATRIX and last in ("issparse", "isspmatrix"):
            return lambda args, kwargs, node, hint: self._sparse_asked(last, args, node)
        if name == "scipy.sparse.linalg.spsolve":
            return self._sparse_solved
        if module == "scipy.sparse.linalg" and last in ("splu", "factorized"):
            return lambda args, kwargs, node, hint: self._sparse_factors(last, args, kwargs, node, hint)
        if module == "scipy.sparse.linalg" and last in _ITERATIVE:
            return lambda args, kwargs, node, hint: self._iterated_solve(last, args, kwargs, node, hint)
        return None

    def _sparse_object(self, text: str, args: Sequence[Arg], is_array: bool, dtype: str, node: Any,
                       hint: str) -> Var:
        kind = Lit(kind_text(is_array, dtype))
        return self.op("library_object", *args, node=node, hint=hint, options={"text": Lit(text), "kind": kind})

    def _sparse_asked(self, last: str, args: Args, node: Any) -> Value:
        """Whether something is a sparse matrix (or array)."""
        value: Any = self.fresh_list(args[0]) if args else NONE
        found = isinstance(value, Seq) and value.cls is not None and value.cls.object is Sparse
        kind = value.item("kind") if found else None
        return Lit(found and (last == "issparse" or isinstance(kind, Lit) and " matrix " in kind.value))

    def _sparse_options(self, kwargs: Named, known: Sequence[str], fn: str, node: Any) -> str:
        """Options as a text; shape is not among them."""
        texts = []
        for name, value in kwargs.items():
            if name not in known or not isinstance(value, Lit):
                self.refuse_type(node, f"{fn} with the argument '{name}' is not supported", "leave it out")
            texts.append(f", {name}={value.value!r}")
        return "".join(texts)

    def _sparse_shape(self, value: Value, node: Any) -> tuple[Any, Any]:
        value = self.fresh_list(value)
        if value == NONE:
            return NONE, NONE
        items: list[Any] = [self.operand(i, node) for i in value.items] if isinstance(value, Seq) else []
        if len(items) != 2:
            found = self.operand(value, node) if not isinstance(value, Seq) else NONE
            if isinstance(found, Tup) and len(found.items) == 2:
                items = list(found.items)
            else:
                self.refuse_type(node, _SAME_SHAPE, "shape=(n, m)")
        return items[0], items[1]

    def _sparse_array(self, value: Value, node: Any) -> Any:
        """An array, which a list may stand for."""
        found = self.operand(self.fresh_list(value), node)
        return self.as_array(found, node) if isinstance(found, Tup) else found

    def _sparse_made(self, last: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        fn, (form, _, kind) = f"{MATRIX}.{last}", last.partition("_")
        given, shape = [*args], kwargs.get("shape", args[1] if len(args) > 1 else NONE)
        first = self.fresh_list(given[0] if given else kwargs.get("arg1", NONE))
        named = {k: v for k, v in kwargs.items() if k not in ("shape", "arg1")}
        options = self._sparse_options(named, ("copy",), fn, node)
        if is_bottom(first) or len(given) > 2:
            return self._sparse_later(first, fn, node, hint)
        rows, columns = self._sparse_shape(shape, node)
        is_array = kind == "array"
        if isinstance(first, Seq) and first.cls is not None and first.cls.object is Sparse:
            old = self.parts_of_sparse(first, node, fn)
            dtype = old["kind"].value.split()[2]
            made = self._sparse_object(f"{fn}({{0}}{options})", (old["matrix"],), is_array, dtype, node, hint)
            return self.sparse(made, old["values"], old["pattern"], old["rows"], old["columns"])
        if not isinstance(first, Seq):
            return self._sparse_of_dense(fn, self._sparse_array(first, node), options, is_array, node, hint)
        parts = [self.fresh_list(i) for i in first.items]
        if form == "dia" and len(parts) == 2 and rows != NONE:
            return self._sparse_bands(fn, parts, rows, columns, options, is_array, node, hint)
        if len(parts) == 2 and isinstance(parts[1], Seq):
            data, row, col = (self._sparse_array(p, node) for p in (parts[0], *parts[1].items))
            text, operands = "(({0}, ({1}, {2}))", [data, row, col]
            pattern = Seq((Lit("coo"), row, col))
        elif len(parts) == 3 and form in ("csr", "csc"):
            operands = [self._sparse_array(p, node) for p in parts]
            text, pattern = "(({0}, {1}, {2})", Seq((Lit(form), *operands[1:]))
            if rows == NONE:
                self.refuse_type(node, f"{fn}((data, indices, indptr)) without a shape is not supported",
                                 "give the shape: shape=(n, m)")
        else:
            self.refuse_type(node, f"{fn} of {describe_value(first)} is not supported",
                             f"{fn}((data, (row, col)), shape=(n, m))")
        if rank(type_of(operands[0])) != 1:
            self.refuse_type(node, f"the elements of a sparse matrix must be an array of one axis here, not "
                                   f"{describe_value(operands[0])}", "data.ravel()")
        if rows != NONE:
            text += f", shape=({{{len(operands)}}}, {{{len(operands) + 1}}})"
            operands += [rows, columns]
        text = f"{fn}{text}{_apart(options)})"
        made = self._sparse_object(text, operands, is_array, _float(operands[0]), node, hint)
        return self.sparse(made, operands[0], pattern, rows, columns)

    def _sparse_bands(self, fn: str, parts: Sequence[Value], rows: Value, columns: Value, options: str, is_array: bool,
                      node: Any, hint: str) -> Value:
        """``dia_array((data, offsets), shape)``: of the rows of data those elements count that lie in the matrix."""
        data, offsets = (self._sparse_array(p, node) for p in parts)
        if rank(type_of(data)) != 2:
            self.refuse_type(node, f"{fn} of {describe_value(data)} is not supported", "pass one row a diagonal")
        text = f"{fn}(({{0}}, {{1}}), shape=({{2}}, {{3}}){_apart(options)})"
        operands: list[Any] = [data, offsets, rows, columns]
        made = self._sparse_object(text, operands, is_array, _float(data), node, hint)
        width = self.op("shape", data, options={"axis": Lit(1)}, node=node)
        places: Any = self.library_op("band_places", [offsets, rows, columns, width], {}, node)
        which, row, col = (self.op("getitem", places, options={"index": Lit(k)}, node=node)
                           for k in range(3))
        flat: Any = self.library_op("np.ravel", [data], {}, node)
        values = self.op("getitem", flat, options={"index": which}, node=node)
        return self.sparse(made, values, Seq((Lit("coo"), row, col)), rows, columns)

    def _sparse_later(self, value: Value, fn: str, node: Any, hint: str) -> Value:
        if is_bottom(value):
            return value
        self.refuse_type(node, f"{fn} with these arguments is not supported", f"{fn}((data, (row, col)), shape=...)")

    def _sparse_of_dense(self, fn: str, x: Any, options: str, is_array: bool, node: Any, hint: str) -> Value:
        """A sparse matrix of a matrix: all of its elements count, those that are 0, too."""
        if rank(type_of(x)) != 2:
            self.refuse_type(node, f"{fn} of {describe_value(x)} is not supported",
                             f"{fn}((data, (row, col)), shape=(n, m))")
        made = self._sparse_object(f"{fn}({{0}}{options})", [x], is_array, _float(x), node, hint)
        rows, columns = (self.op("shape", x, options={"axis": Lit(k)}, node=node) for k in (0, 1))
        values = self.library_op("np.ravel", [x], {}, node)
        return self.sparse(made, values, Seq((Lit("full"), rows, columns)), rows, columns)

    def _sparse_constant(self, last: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """An identity matrix."""
        operands = [self.operand(a, node) for a in args]
        texts = [f"{{{k}}}" for k in range(len(operands))]
        for name, value in kwargs.items():
            texts.append(f"{name}={{{len(operands)}}}")
            operands.append(self.operand(value, node))
        text = f"{MATRIX}.{last}({', '.join(texts)})"
        made = self._sparse_object(text, operands, last == "eye_array", "f8", node, hint)
        n = operands[0] if len(operands) == 1 else NONE
        return self.sparse(made, NONE, Seq((Lit("own"), made)), n, n)

    def _sparse_diagonals(self, last: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        fn = f"{MATRIX}.{last}"
        named = dict(zip(("diagonals", "offsets", "shape", "format"), args)) | kwargs
        diagonals = self.fresh_list(named.pop("diagonals", NONE))
        offsets = self.operand(self.fresh_list(named.pop("offsets", Lit(0))), node)
        rows, columns = self._sparse_shape(named.pop("shape", NONE), node)
        options = self._sparse_options({k: v for k, v in named.items() if v != NONE}, ("format",), fn, node)
        is_list = isinstance(diagonals, Seq)
        items = [self._sparse_array(d, node) for d in (diagonals.items if is_list else (diagonals,))]
        steps: list[Any] = list(offsets.items) if isinstance(offsets, Tup) else [offsets]
        if len(steps) != len(items) or not all(isinstance(k, Lit) and isinstance(k.value, int) for k in steps):
            self.refuse_type(node, f"{fn} with these offsets is not supported", "write the offsets as numbers")
        if not all(rank(type_of(d)) == 1 for d in items):
            self.refuse_type(node, f"{fn} of diagonals that are numbers is not supported",
                             "write them as arrays: np.full(n, x)")
        holes = [f"{{{k}}}" for k in range(len(items))]
        text = f"{fn}({'[' + ', '.join(holes) + ']' if is_list else holes[0]}"
        numbers: Any = [k.value for k in steps if isinstance(k, Lit)]
        if isinstance(offsets, Tup) or numbers != [0]:
            by = "offsets=" if last == "diags_array" else ""
            text += f", {by}{numbers if isinstance(offsets, Tup) else numbers[0]}"
        operands = [*items]
        if rows != NONE:
            text += f", shape=({{{len(items)}}}, {{{len(items) + 1}}})"
            operands += [rows, columns]
        dtype = promote(*(Array(_float(d), ()) for d in items))
        made = self._sparse_object(f"{text}{options})", operands, last == "diags_array", dtype, node, hint)
        values = items[0] if len(items) == 1 else self.library_op("np.concatenate", [Seq(tuple(items))], {}, node)
        lengths = [self.op("size", d, node=node) for d in items]
        if rows == NONE and len(items) == 1 and steps[0] == Lit(0):
            rows = columns = lengths[0]
        return self.sparse(made, values, Seq((Lit("diags"), Seq(tuple(steps)), Seq(tuple(lengths)))), rows, columns)

    def _sparse_stacked(self, last: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """Sparse matrices beside, or below each other."""
        fn = f"{MATRIX}.{last}"
        options = self._sparse_options({k: v for k, v in kwargs.items() if v != NONE}, ("format",), fn, node)
        blocks = self.fresh_list(args[0]) if len(args) == 1 else NONE
        if not isinstance(blocks, Seq):
            self.refuse_type(node, f"{fn} with these arguments is not supported", f"{fn}([a, b])")
        parts = [self.parts_of_sparse(b, node, fn) for b in blocks.items]
        down: Value = Lit(0)
        right: Value = Lit(0)
        patterns: list[Value] = []
        values: list[Value] = []
        for block, p in zip(blocks.items, parts):
            patterns.append(Seq((Lit("moved"), p["pattern"], down, right)))
            values.append(self.attribute(block, "elements", node))
            height, width = self.fresh_list(self.attribute(block, "shape", node)).items
            down = self.binary("+", down, height, node) if last != "hstack" else down
            right = self.binary("+", right, width, node) if last != "vstack" else right
        rows, columns = (p if n == Lit(0) else n for n, p in zip((down, right), (height, width)))
        text = f"{fn}([{', '.join(f'{{{k}}}' for k in range(len(parts)))}]{options})"
        dtype = promote(*(Array(p["kind"].value.split()[2], ()) for p in parts))
        is_array = any(p["kind"].value.split()[1] == "array" for p in parts)
        made = self._sparse_object(text, [p["matrix"] for p in parts], is_array, dtype, node, hint)
        joined = self.library_op("np.concatenate", [Seq(tuple(values))], {}, node)
        return self.sparse(made, joined, Seq((Lit("all"), *patterns)), rows, columns)

    def _sparse_kron(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        options = self._sparse_options({k: v for k, v in kwargs.items() if v != NONE}, ("format",), "scipy.sparse.kron",
                                       node)
        one, two = (self.parts_of_sparse(a, node, "scipy.sparse.kron") for a in args[:2])
        (m, n), (rows, columns) = (self.fresh_list(self.attribute(a, "shape", node)).items for a in args[:2])
        dtype = promote(*(Array(p["kind"].value.split()[2], ()) for p in (one, two)))
        is_array = any(p["kind"].value.split()[1] == "array" for p in (one, two))
        text = f"scipy.sparse.kron({{0}}, {{1}}{options})"
        made = self._sparse_object(text, [one["matrix"], two["matrix"]], is_array, dtype, node, hint)
        both = self.library_op("np.outer", [self.attribute(a, "elements", node) for a in args[:2]], {}, node)
        values = self.library_op("np.ravel", [both], {}, node)
        pattern = Seq((Lit("kron"), one["pattern"], two["pattern"], rows, columns))
        return self.sparse(made, values, pattern, self.binary("*", m, rows, node), self.binary("*", n, columns, node))

    # Systems.

    def _sparse_solved(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        named = dict(zip(("A", "b", "permc_spec", "use_umfpack"), args)) | kwargs
        a, b = named.pop("A", NONE), named.pop("b", NONE)
        if any(map(is_bottom, (a, b))):
            return Var(NOTHING, hint)
        options = self._sparse_options(named, ("permc_spec", "use_umfpack"), "scipy.sparse.linalg.spsolve", node)
        p = self.parts_of_sparse(a, node, "scipy.sparse.linalg.spsolve")
        text = f"scipy.sparse.linalg.spsolve({{0}}, {{2}}{options})"
        return self.solve_with(p, NONE, b, text, text, node, hint)

    def _sparse_factors(self, last: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """The factors of a matrix, or a function that solves with them."""
        fn = f"scipy.sparse.linalg.{last}"
        named = dict(zip(("A", "permc_spec"), args)) | kwargs
        a = named.pop("A", NONE)
        options = self._sparse_options(named, ("permc_spec", "diag_pivot_thresh", "relax", "panel_size"), fn, node)
        p = self.parts_of_sparse(a, node, fn)
        made = self.op("library_object", p["matrix"], node=node, hint=hint, options={
            "text": Lit(f"{fn}({{0}}{options})"), "kind": Lit(fn)})
        turned = "H" if p["kind"].value.split()[2][0] == "c" else "T"
        first, other = ("{1}.solve({2})", f"{{1}}.solve({{2}}, '{turned}')") if last == "splu" else (
            "{1}({2})", "scipy.sparse.linalg.spsolve({0}, {2})")
        return Seq((made, a, Lit(first), Lit(other)), "object", ("made", "of", "solver", "turned"),
                   cls=meanings.class_of(Factors))

    def solve_with(self, p: dict[str, Any], f: Arg, b: Value, solver: str, turned: str, node: Any, hint: str) -> Var:
        """The solution of a system, by texts for the matrix and for its conjugate transpose."""
        options = {"pattern": self.operand(p["pattern"], node), "solver": Lit(solver), "turned": Lit(turned)}
        return self.op("sparse_solve", p["matrix"], f, p["values"], self._sparse_array(b, node), node=node, hint=hint,
                       options=options)

    def _iterated_solve(self, last: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """An iterative solver: the derivative is that of the solution, found by the same solver."""
        fn = f"scipy.sparse.linalg.{last}"
        a, b = (*args, NONE, NONE)[:2]
        if any(map(is_bottom, (a, b))):
            return Var(NOTHING, hint)
        if len(args) != 2:
            self.refuse_type(node, f"{fn} with these arguments is not supported",
                             f"{fn}(A, b, rtol=..., atol=...), the options by name")
        options = self._sparse_options(kwargs, tuple(_HOW), fn, node)
        p = self.parts_of_sparse(a, node, fn)
        text = f"{fn}({{0}}, {{2}}{options})[0]"
        name, _, _ = hint.partition(",")
        x = self.solve_with(p, NONE, b, text, text, node, name)
        return Seq((x, Lit(0)))


def _is_sparse(t: object) -> bool:
    return isinstance(t, Opaque) and t.what.startswith(f"{MATRIX} ")


def _apart(options: str) -> str:
    """The options of a matrix with memory of its own: the reverse sweep reads it after the arrays may have changed."""
    return options.replace("copy=False", "copy=True") if "copy=" in options else options + ", copy=True"


def _float(x: Arg) -> str:
    dtype = dtype_of(type_of(x))
    return "f8" if dtype == "?" else dtype
