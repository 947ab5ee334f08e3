"""Functions of NumPy that have no derivative and are no constants either: why, and what to write instead.

Those in `EFFECTS` are there for what they do besides: as statements they are left to Python.
"""

from __future__ import annotations

_FILE = "what a file holds is not known when the derivative is compiled"
_MEMORY = "where arrays lie is decided anew in each derivative"
_SETTINGS = "the settings of NumPy may be others in each call"
_WORDS = "texts have no derivative"
_DATES = "dates have no derivative"
_BITS = "the bits of a number have no derivative"
_ITERATOR = "its iterator lies in the memory of NumPy"
_ABOUT = "it tells something about NumPy itself"

# What the functions have in common: why they are left out, and what to write instead.
_GROUPS: dict[tuple[str, str], str] = {
    (_FILE, "read the file outside of the function, and pass the array"):
        "load loadtxt genfromtxt fromfile fromregex fromstring memmap open_memmap",
    ("a file is written once, not in each derivative", "write it in a statement of its own"):
        "save savez savez_compressed savetxt",
    ("it shows memory that somebody else owns", "make an array: np.array(...)"): "frombuffer from_dlpack",
    (_SETTINGS, "write a block: with np.errstate(...)"):
        "seterr geterr seterrcall geterrcall setbufsize getbufsize set_printoptions get_printoptions "
        "polynomial.set_default_printstyle",
    (_WORDS, "print the array, or write an f-string"):
        "array2string array_repr array_str base_repr binary_repr format_float_positional format_float_scientific "
        "typename bytes_ str_",
    (_DATES, "use a number of days"):
        "busday_count busday_offset is_busday busdaycalendar datetime64 timedelta64 datetime_data datetime_as_string "
        "isnat",
    (_BITS, "use arrays of numbers, or of booleans"): "packbits unpackbits",
    (_MEMORY, "write x.copy() where an array must not be shared"): "shares_memory may_share_memory isfortran",
    (_ITERATOR, "write a loop: for i in range(n)"): "nditer nested_iters broadcast flatiter",
    ("where its elements lie in memory is decided by numbers of bytes",
     "write np.lib.stride_tricks.sliding_window_view(x, window), or slices: x[::2]"): "lib.stride_tricks.as_strided",
    ("it depends on the number, not on its type", "name the dtype"): "min_scalar_type",
    ("it holds values of several kinds", "use one array for each field"): "recarray record void rec.array",
    ("an array of Python objects has no derivative", "use numbers"): "object_",
    (_ABOUT, "call it outside of the function"):
        "info test show_config show_runtime get_include linalg.test fft.test random.test",
    ("which state a generator is in is no number", "pass the generator, and draw from it"):
        "random.get_state random.set_state random.get_bit_generator random.set_bit_generator random.BitGenerator "
        "random.MT19937 random.PCG64 random.PCG64DXSM random.Philox random.SFC64 random.SeedSequence",
    ("bytes have no derivative", "draw numbers: rng.integers(...)"): "random.bytes",
    ("what it counts jumps where a number crosses an edge", "sum smooth weights around the middles of the bins"):
        "histogram2d histogramdd",
    ("it depends on lengths only", "ask an array for its shape: np.add(a, b).shape"): "broadcast_shapes",
    ("it draws vectors of counts", "draw them outside of the function, and pass the array"): "random.multinomial",
    ("it is deprecated", "write np.random.randint(low, high + 1)"): "random.random_integers",
    ("it makes a matrix, whose operators mean something else", "write np.block(...)"): "bmat",
    ("how long the polynomials are that it goes through depends on the coefficients",
     "evaluate the series where you need it, or convert constants outside of the function"):
        " ".join(f"polynomial.{module}.{name}2poly polynomial.{module}.poly2{name}" for module, name in (
            ("chebyshev", "cheb"), ("legendre", "leg"), ("hermite", "herm"), ("hermite_e", "herme"),
            ("laguerre", "lag"))),
}

# The name, why it is left out, and what to write instead.
REFUSED: dict[str, tuple[str, str, str]] = {
    f"np.{name}": (f"np.{name}()", why, instead)
    for (why, instead), names in _GROUPS.items() for name in names.split()}

EFFECTS = frozenset(f"np.{name}" for name in (
    "save savez savez_compressed savetxt seterr seterrcall setbufsize set_printoptions info test show_config "
    "show_runtime random.set_state polynomial.set_default_printstyle").split())
