"""The functions that have neither a rule nor an equivalent: those differentiated through their own text, and models.

Any other function written in Python is tried, too; of these it is tested.
"""

from __future__ import annotations

_FAMILIES = {"polynomial": "poly", "chebyshev": "cheb", "legendre": "leg", "hermite": "herm", "hermite_e": "herme",
             "laguerre": "lag"}
_COMMON = ("add companion der div fit fromroots grid2d grid3d int line mul mulx pow roots sub trim val val2d val3d "
           "valnd vander vander2d vander3d").split()
_OWN = {"polynomial": ["valfromroots"], "chebyshev": ["gauss", "weight", "interpolate", "pts1", "pts2"]}
_NUMPY = """
    asarray_chkfinite fix fromfunction geomspace gradient indices iterable mintypecode poly poly1d polyadd
    polyder polydiv polyfit polyint polymul polysub polyval real_if_close row_stack unwrap linalg.diagonal
    linalg.matrix_transpose linalg.trace polynomial.Chebyshev polynomial.Hermite polynomial.HermiteE polynomial.Laguerre
    polynomial.Legendre polynomial.Polynomial
""".split()
_SCIPY = """
    integrate.cumulative_simpson integrate.cumulative_trapezoid integrate.simpson integrate.trapezoid linalg.companion
    linalg.convolution_matrix linalg.fiedler linalg.khatri_rao linalg.orthogonal_procrustes linalg.solve_lyapunov
    spatial.distance.braycurtis spatial.distance.canberra spatial.distance.cdist spatial.distance.chebyshev
    spatial.distance.cityblock spatial.distance.correlation spatial.distance.cosine spatial.distance.euclidean
    spatial.distance.jensenshannon spatial.distance.mahalanobis spatial.distance.minkowski spatial.distance.pdist
    spatial.distance.seuclidean spatial.distance.sqeuclidean
""".split()

TEXTS: tuple[str, ...] = (
    *(f"np.{name}" for name in _NUMPY),
    *(f"np.polynomial.{module}.{short}{name}" for module, short in _FAMILIES.items()
      for name in (*_COMMON, *_OWN.get(module, ["gauss", "weight"]))),
    *(f"scipy.{name}" for name in _SCIPY),
)

# What has a program for its model: filters, and what makes objects of SciPy with methods and operators.
MODELS: tuple[str, ...] = tuple(f"scipy.{name}" for name in """
    ndimage.convolve ndimage.convolve1d ndimage.correlate ndimage.correlate1d ndimage.gaussian_filter
    ndimage.gaussian_filter1d ndimage.gaussian_gradient_magnitude ndimage.gaussian_laplace ndimage.laplace
    ndimage.map_coordinates ndimage.maximum_filter ndimage.median_filter ndimage.minimum_filter ndimage.prewitt
    ndimage.shift ndimage.sobel ndimage.uniform_filter ndimage.uniform_filter1d
    signal.correlate signal.correlate2d signal.detrend signal.hilbert signal.resample signal.windows.gaussian
    signal.windows.hann
    interpolate.Akima1DInterpolator interpolate.BSpline interpolate.CubicHermiteSpline interpolate.CubicSpline
    interpolate.PPoly interpolate.PchipInterpolator interpolate.RegularGridInterpolator interpolate.interp1d
    interpolate.make_interp_spline sparse.block_diag sparse.bsr_array sparse.coo_array sparse.coo_matrix
    sparse.csc_array sparse.csc_matrix sparse.csr_array sparse.csr_matrix sparse.dia_array sparse.dia_matrix
    sparse.diags sparse.diags_array sparse.eye sparse.eye_array sparse.hstack sparse.identity sparse.kron sparse.vstack
    sparse.linalg.cg sparse.linalg.factorized sparse.linalg.gmres sparse.linalg.splu sparse.linalg.spsolve
    stats.dirichlet stats.multivariate_normal
""".split())
