"""Functions of `scipy.linalg` that take or give pairs: a factor with what it is a factor of, two vectors as a matrix.

    c, low = scipy.linalg.cho_factor(a)            c = cho_factor(a), low = False
    x = scipy.linalg.cho_solve((c, low), b)        x = cho_solve(c, b, lower=False)
    scipy.linalg.toeplitz(c)                       scipy.linalg.toeplitz(c, np.conj(c))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sad.frontend import equivalents_scipy
from s2sad.frontend.constructs import function
from s2sad.frontend.lower_library import LibraryTexts
from s2sad.frontend.lower_types import Args, Named
from s2sad.frontend.resolve import function_meaning
from s2sad.frontend.values import Poison, Python, Seq, Value, describe_value, is_bottom
from s2sad.rules.builder import type_of
from s2sad.trace.ir import NONE, Lit, Slc, Tup, Var
from s2sad.trace.types import dims_of, kind_of, rank

# Functions of real matrices that are complex for some of them.
_MAYBE_COMPLEX = ("logm", "sqrtm", "fractional_matrix_power")


class ScipyFunctions(LibraryTexts):
    """Handlers by canonical name."""

    def special(self, name: str) -> Callable[[Args, Named, Any, str], Value] | None:
        found = super().special(name)
        if found is None and name.startswith("scipy.linalg.") and name.rpartition(".")[2] in _MAYBE_COMPLEX:
            def real(args: Args, kwargs: Named, node: Any, hint: str) -> Value:
                made = self.library_op(name, args, {k: v for k, v in kwargs.items() if k not in ("disp", "blocksize")},
                                       node, hint)
                if not isinstance(made, Var) or is_bottom(made) or kind_of(made.type) == "complex":
                    return made
                return self.op("only_real", made, node=node, hint=hint)

            return real
        refused = function(name) if found is None and name.startswith("scipy.") else None
        if refused is not None:
            return lambda args, kwargs, node, hint: self.refuse(node, f"{refused[0]} is not supported", refused[1])
        return found

    # Functions with results of several kinds.

    def _builtin_scipy_linalg_eigh(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        if kwargs.get("eigvals_only", Lit(False)) != Lit(False):
            rest = {k: v for k, v in kwargs.items() if k != "eigvals_only"}
            return self.library_op("scipy.linalg.eigvalsh", args, rest, node, hint)
        return self.library_op("scipy.linalg.eigh", args, kwargs, node, hint)

    def _builtin_scipy_linalg_eigh_tridiagonal(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        alone = kwargs.get("eigvals_only", args[2] if len(args) > 2 else Lit(False)) != Lit(False)
        rest = {k: v for k, v in kwargs.items() if k != "eigvals_only"}
        name = "scipy.linalg.eigvalsh_tridiagonal" if alone else "scipy.linalg.eigh_tridiagonal"
        return self.library_op(name, args[:2], rest, node, hint)

    def _builtin_scipy_linalg_eigvals(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        named = dict(zip(("a", "b", "overwrite_a", "check_finite"), args)) | kwargs
        return self._builtin_scipy_linalg_eig([], {**named, "right": Lit(False)}, node, hint)

    def _builtin_scipy_linalg_eig(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        named = dict(zip(("a", "b", "left", "right"), args)) | kwargs
        plain = (("b", NONE), ("left", Lit(False)), ("homogeneous_eigvals", Lit(False)))
        if any(named.pop(name, usual) != usual for name, usual in plain):
            self.refuse_type(node, "scipy.linalg.eig of a pair, or with left eigenvectors, is not supported",
                             "use scipy.linalg.eig(a)")
        name = "scipy.linalg.eig" if named.pop("right", Lit(True)) == Lit(True) else "scipy.linalg.eigvals"
        return self.library_op(name, [named.pop("a", NONE)], named, node, hint)

    def _builtin_scipy_linalg_lu(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """With ``permute_l`` the rows of the lower factor are in the order of the matrix."""
        named = dict(zip(("a", "permute_l", "overwrite_a", "check_finite", "p_indices"), args)) | kwargs
        if named.pop("permute_l", Lit(False)) == Lit(False):
            return self.library_op("scipy.linalg.lu", [], named, node, hint)
        parts = self.fresh_list(self.library_op("scipy.linalg.lu", [], {**named, "p_indices": Lit(True)}, node)).items
        first, _, second = hint.partition(",")
        order, low, up = parts
        return Seq((self.op("getitem", low, options={"index": order}, node=node, hint=first), up))

    def _builtin_scipy_linalg_qr(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """With ``pivoting`` it is the decomposition of a matrix with its columns in another order."""
        names = ("a", "overwrite_a", "lwork", "mode", "pivoting", "check_finite")
        named = dict(zip(names, args)) | kwargs
        if named.pop("pivoting", Lit(False)) == Lit(False):
            return self.library_op("scipy.linalg.qr", args, kwargs, node, hint)
        mode = named.get("mode", Lit("full"))
        a = self.operand(named["a"], node)
        if not isinstance(mode, Lit) or mode.value not in ("full", "economic") or rank(type_of(a)) != 2:
            self.refuse_type(node, "scipy.linalg.qr with pivoting is supported for single matrices, with mode='full' "
                                   "or 'economic'", "call it for each matrix")
        text = f"scipy.linalg.qr({{0}}, mode={mode.value!r}, pivoting=True)"
        order = self.op("library_array", a, options={"text": Lit(f"{text}[2]"), "dtype": Lit("i4")}, node=node)
        columns = self.op("getitem", a, options={"index": Tup((Slc(NONE, NONE, NONE), order))}, node=node)
        model = self.fresh_list(self.library_op("scipy.linalg.qr", [columns], {"mode": mode}, node))
        parts = [self.op("instead", m, a, options={"text": Lit(f"{text}[{k}]")}, node=node)
                 for k, m in enumerate(model.items)]
        return Seq((*parts, order))

    def _builtin_scipy_linalg_rq(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """The model has other signs, which are taken from the value."""
        named = dict(zip(("a", "overwrite_a", "lwork", "mode"), args)) | kwargs
        mode: Any = named.get("mode", Lit("full"))
        a: Any = self.operand(named["a"], node)
        dims = dims_of(type_of(a))
        unlike = len(dims) == 2 and all(d.is_constant for d in dims) and dims[0].const > dims[1].const
        if mode not in (Lit("full"), Lit("economic")) or len(dims) != 2 or unlike or kind_of(type_of(a)) == "complex":
            self.refuse_type(node, "scipy.linalg.rq of this matrix, or with this mode, is not supported",
                             "use it for real matrices with no more rows than columns, with mode='economic'")
        text = f"scipy.linalg.rq({{0}}, mode={mode.value!r})" if mode == Lit("economic") else "scipy.linalg.rq({0})"
        r = self.op("library_array", a, options={"text": Lit(f"{text}[0]"), "axes": Lit(2)}, node=node)
        meaning = function_meaning(equivalents_scipy.rq, "rq")
        assert meaning is not None
        model = self.fresh_list(self.call_value(Python(meaning), [a, r], {}, node))
        return Seq(tuple(self.op("instead", m, a, options={"text": Lit(f"{text}[{k}]")}, node=node)
                         for k, m in enumerate(model.items)))

    def _builtin_scipy_linalg_lstsq(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """The solution; what else it returns has other shapes for other ranks."""
        name, _, _ = hint.partition(",")
        x = self.library_op("scipy.linalg.lstsq", args, kwargs, node, name)
        rest = (Poison(f"what scipy.linalg.lstsq returns besides the solution, {what}, is not known", instead)
                for what, instead in (("the residues", "np.sum((a @ x - b) ** 2)"), ("the rank", "leave it out"),
                                      ("the singular values", "scipy.linalg.svdvals(a)")))
        return Seq((x, *rest))

    # Factors and what they are factors of.

    def _builtin_scipy_linalg_cho_factor(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        lower = args[1] if len(args) > 1 else kwargs.get("lower", Lit(False))
        name, _, _ = hint.partition(",")
        return Seq((self.library_op("scipy.linalg.cho_factor", args, kwargs, node, name), lower))

    def _builtin_scipy_linalg_cho_solve(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._of_pair("scipy.linalg.cho_solve", "c_and_lower", args, kwargs, node, hint)

    def _builtin_scipy_linalg_cho_solve_banded(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._of_pair("scipy.linalg.cho_solve_banded", "cb_and_lower", args, kwargs, node, hint)

    def _builtin_scipy_linalg_lu_solve(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        first, rest, kwargs = self._first("lu_and_piv", args, kwargs)
        pair = self.fresh_list(first)
        if not isinstance(pair, Seq) or len(pair.items) != 2:
            self.refuse_type(node, f"scipy.linalg.lu_solve of {describe_value(first)} is not supported",
                             "pass the pair (lu, piv)")
        return self.library_op("scipy.linalg.lu_solve", [*pair.items, *rest], kwargs, node, hint)

    def _of_pair(self, name: str, parameter: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """A call whose first argument is a pair (c, lower)."""
        first, rest, kwargs = self._first(parameter, args, kwargs)
        pair = self.fresh_list(first)
        if is_bottom(pair):
            return Var(pair.type, hint)
        if not isinstance(pair, Seq) or len(pair.items) != 2:
            self.refuse_type(node, f"{name} of {describe_value(first)} is not supported",
                             f"pass the pair ({parameter.replace('_and_', ', ')})")
        made: Named = {**kwargs, "lower": pair.items[1]}
        return self.library_op(name, [pair.items[0], *rest], made, node, hint)

    def _first(self, parameter: str, args: Args, kwargs: Named) -> tuple[Value, Args, Named]:
        """The first argument, by position or by name, and the others."""
        if args:
            return args[0], args[1:], kwargs
        return kwargs.get(parameter, NONE), [], {k: v for k, v in kwargs.items() if k != parameter}

    def _builtin_scipy_linalg_expm_frechet(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """With the exponential itself it has two results."""
        both = args[3] if len(args) > 3 else kwargs.get("compute_expm", Lit(True))
        name = "expm_and_frechet" if both == Lit(True) else "scipy.linalg.expm_frechet"
        return self.library_op(name, args, kwargs, node, hint)

    # Vectors as matrices.

    def _builtin_scipy_linalg_toeplitz(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        c, rest, kwargs = self._first("c", args, kwargs)
        r = rest[0] if rest else kwargs.get("r", NONE)
        return self.library_op("scipy.linalg.toeplitz", [c, self._first_row(c, r, node)], {}, node, hint)

    def _builtin_scipy_linalg_hankel(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        c, rest, kwargs = self._first("c", args, kwargs)
        r = rest[0] if rest else kwargs.get("r", NONE)
        if r == NONE:
            r = self.library_op("np.zeros_like", [c], {}, node)
        return self.library_op("scipy.linalg.hankel", [c, r], {}, node, hint)

    def _builtin_scipy_linalg_solve_toeplitz(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._of_toeplitz("scipy.linalg.solve_toeplitz", args, kwargs, node, hint)

    def _builtin_scipy_linalg_matmul_toeplitz(self, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        return self._of_toeplitz("scipy.linalg.matmul_toeplitz", args, kwargs, node, hint)

    def _of_toeplitz(self, name: str, args: Args, kwargs: Named, node: Any, hint: str) -> Value:
        """A call whose first argument is a column, or a pair (column, row)."""
        first, rest, kwargs = self._first("c_or_cr", args, kwargs)
        pair = self.fresh_list(first)
        if isinstance(pair, Seq) and pair.kind == "tuple" and len(pair.items) == 2:
            c, r = pair.items
        else:
            c, r = first, self._first_row(first, NONE, node)
        return self.library_op(name, [c, r, *rest], kwargs, node, hint)

    def _first_row(self, c: Value, r: Value, node: Any) -> Value:
        """The first row of a Toeplitz matrix: that of a hermitian one if none is given."""
        if r != NONE:
            return r
        return self.library_op("np.conj", [c], {}, node) if kind_of(type_of(self.operand(c, node))) == "complex" else c
