"""What is a literal number before a loop and an array from its first iteration on.

    total = 0.0                                  total is the constant 0.0, or an array like A[i] * x
    for i in range(n):                    ⇒
        total = total + A[i] * x

The adjoint of such a value has the array's shape: where it is the number, nobody asks for the adjoint.  This takes that
the number depends on no argument.  In a loop inside of another one the number is what the outer loop carries, as long
as that is the literal that it begins with: what has been relied on is checked when the body of the outer loop ends.
"""

from __future__ import annotations

from s2sad.frontend.lower_spots import Spots
from s2sad.frontend.rounds import Key, Rounds
from s2sad.frontend.values import Value
from s2sad.rules.builder import type_of
from s2sad.trace.ir import Lit, Var
from s2sad.trace.lasting import lasting
from s2sad.trace.types import FLOAT, INT, NOTHING, Array, Unknown, has_fixed_shape, kind_of, moving


class Beginnings(Spots):
    """Literal numbers that loops begin with."""

    def note_beginning(self, rounds: Rounds, key: Key, value: Value) -> None:
        """Note that what a name holds at the head of an iteration is taken to be the literal that the loop begins with.

        So it is until an iteration is seen to hand on something else.
        """
        init = self._literal(rounds, key)
        if init is not None and isinstance(value, Var) and value.type == type_of(init):
            rounds.heads[key] = value
            if key not in rounds.changed:
                self.facts.begun[value] = init if isinstance(init, Var) else None
        else:
            rounds.heads.pop(key, None)

    def _literal(self, rounds: Rounds, key: Key) -> Lit | Var | None:
        """The literal number, or what is taken to be one, that a loop begins with."""
        init = rounds.inits[key]
        if isinstance(init, Lit) or isinstance(init, Var) and init in self.facts.begun:
            return init if type_of(init) in (INT, FLOAT) else None
        return None

    def is_as_begun(self, rounds: Rounds, key: Key, value: Value) -> bool:
        """Whether what an iteration hands on is no other number than the literal, where that has been relied on."""
        head = rounds.heads.get(key)
        if head is None or key in rounds.changed or isinstance(value, Lit) or isinstance(value, Var) and (
                value in self.facts.begun or moving(value.type) != value.type):
            return True
        if isinstance(value, Var) and isinstance(value.type, Array) and value.type.dims:
            return True  # its type will change
        rounds.changed.add(key)
        return head not in self.facts.relied

    def begun_with_number(self, rounds: Rounds, key: Key, value: Value) -> Var | None:
        """The template of what is a literal number before the loop and an array later; None if it is something else."""
        old, init = rounds.templates[key], self._literal(rounds, key)
        if init is None or not isinstance(old, Var) or old.type != type_of(init):
            return None
        t = moving(value.type) if isinstance(value, Var) else NOTHING
        steady = has_fixed_shape(t) and lasting(t, lambda uid: uid >= rounds.mark) == t
        if not isinstance(t, Array) or not t.dims or kind_of(t) != "float" or t.dtype == "?" or not steady:
            return None
        link = init if isinstance(init, Var) else None
        while link is not None:
            self.facts.relied.add(link)
            link = self.facts.begun.get(link)
        return Var(Unknown(t), old.hint)
