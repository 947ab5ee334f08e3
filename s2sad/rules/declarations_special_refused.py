"""Functions of `scipy.special` that have no derivative here: nodes and numbers of combinatorics, which are constants,
and those without a formula, which may be called with constants only.
"""

from __future__ import annotations

from typing import Any

from s2sad.rules.declarations_special_parts import several
from s2sad.rules.declare import rule, zero
from s2sad.rules.infer_special import counted, nodes, sequence

for _name in ("legendre", "hermite", "hermitenorm", "laguerre", "chebyt", "chebyu", "chebyc", "chebys", "sh_legendre",
              "sh_chebyt", "sh_chebyu"):
    zero(f"x, w = scipy.special.roots_{_name}(n, mu=False)", result=nodes)
zero("y = scipy.special.bernoulli(n)", result=sequence)
zero("y = scipy.special.euler(n)", result=sequence)
zero("y = scipy.special.factorial2(n, exact=False, extend='zero')", result=counted)
zero("y = scipy.special.stirling2(n, m, exact=False)", result=counted)

for _call in ("bdtrik(y, n, p)", "bdtrin(j, y, p)", "besselpoly(a, lmb, nu)", "chndtr(x, df, nc)",
              "chndtrix(p, df, nc)", "chndtridf(x, p, nc)", "chndtrinc(x, df, p)", "kolmogorov(y)", "kolmogi(p)",
              "mathieu_a(m, q)", "mathieu_b(m, q)", "nbdtrik(y, n, p)", "nbdtrin(j, y, p)", "ncfdtr(dfn, dfd, nc, f)",
              "ncfdtri(dfn, dfd, nc, p)", "ncfdtridfd(dfn, p, nc, f)", "ncfdtridfn(p, dfd, nc, f)",
              "ncfdtrinc(dfn, dfd, p, f)", "nctdtr(df, nc, t)", "nctdtridf(p, nc, t)", "nctdtrinc(df, p, t)",
              "nctdtrit(df, nc, p)", "obl_cv(m, n, c)", "pro_cv(m, n, c)", "pdtrik(p, m)", "smirnov(n, d)",
              "smirnovi(n, p)"):
    _fn, _, _operands = _call[:-1].partition("(")
    _texts: dict[str, Any] = {a: f"no_formula('{_fn}', '{a}')" for a in _operands.split(", ")}
    rule(f"y = scipy.special.{_call}", **_texts)
for _call in ("mathieu_cem(m, q, x)", "mathieu_sem(m, q, x)", "mathieu_modcem1(m, q, x)", "mathieu_modcem2(m, q, x)",
              "mathieu_modsem1(m, q, x)", "mathieu_modsem2(m, q, x)", "obl_ang1(m, n, c, x)", "obl_rad1(m, n, c, x)",
              "obl_rad2(m, n, c, x)", "pro_ang1(m, n, c, x)", "pro_rad1(m, n, c, x)", "pro_rad2(m, n, c, x)"):
    _fn, _, _operands = _call[:-1].partition("(")
    _texts = {a: (f"no_formula('{_fn}', '{a}')",) * 2 for a in _operands.split(", ")}
    several(f"y, yp = scipy.special.{_call}", **_texts)
