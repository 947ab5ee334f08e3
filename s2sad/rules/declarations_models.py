"""Values of libraries with the derivatives of models, objects of libraries, and what is read from them."""

from __future__ import annotations

from collections.abc import Sequence

from s2sad.rules.declare import general, zero
from s2sad.rules.infer_arrays import Options
from s2sad.rules.static import length, static, type_of
from s2sad.trace.ir import Arg, Lit
from s2sad.trace.types import Array, Opaque, Scalar, Type, dtype_of, fresh_dim


def like_model(args: Sequence[Arg], o: Options) -> Type:
    """The type of the model, as an array."""
    t = type_of(args[0])
    return Array(dtype_of(t), ()) if isinstance(t, Scalar) else t


def first(args: Sequence[Arg], o: Options) -> Type:
    return type_of(args[0])


def made(args: Sequence[Arg], o: Options) -> Type:
    return Opaque(str(static(o["kind"], "kind")))


def read(args: Sequence[Arg], o: Options) -> Type:
    axes = static(o.get("axes", Lit(1)), "axes")
    dims = (length(o["count"]),) if "count" in o else tuple(fresh_dim() for _ in range(axes))
    return Array(static(o.get("dtype", Lit("f8")), "dtype"), dims)


general("y = instead(model, a=a, b=b, c=c, d=d, e=e, f=f, text='')", result=like_model,
        flags="written objects fresh unread0", y_dot_model="model_dot", model_bar="y_bar")
general("y = curve(value, t, slope)", result=first, flags="written view quiet", y_dot_value="value_dot",
        y_dot_t="times_first(slope, t_dot)", value_bar="y_bar", t_bar="times_whole(slope, y_bar, t)")
zero("z = library_object(*xs, text='', kind='')", result=made, flags="objects")
zero("z = library_array(*xs, text='', axes=1, dtype='f8', count=None)", result=read, flags="objects")
