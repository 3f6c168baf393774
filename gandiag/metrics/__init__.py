"""Metrics of generated samples against the data, with their uncertainty: arrays in, numbers out.

Every function takes ``fake=`` and, if it compares, ``real=`` as keywords: samples on the first
axis, [n] or [n, d], images [n, ...], of NumPy, PyTorch, TensorFlow, JAX or anything with
``__array__`` or DLPack. It returns an `Estimate`, or a dataclass of them: ``value``,
``se`` or ``interval``, ``floor`` and ``n``. The floor is the value to expect at this n if generator
and data are the same; a value near it means "no difference detected", however large it looks. If a
fake sample is not finite, the value is NaN; invalid arguments raise ValueError.

Which number to trust for what
------------------------------

*Is it collapsed?* In one dimension ``moments(...).std`` against its floor, in more `spread`: both
detect a collapse onto a point or a mean image. They do not detect the loss of a few modes: use
`mode_coverage` if the modes are known, `digit_coverage` for labelled images, and otherwise
``reach(...).lost_share``, the share of the data that is not reached. The strict count of modes
rises with n, as one lucky sample counts; ``modes_robust`` does not. `vendi` and `birthday` measure
diversity without reference: they cannot distinguish variety from noise.

*Is it the right distribution?* In one dimension `wasserstein`, in the unit of the data, and `ks`, a
probability; `energy` if outliers must not dominate. In a few dimensions `sliced_wasserstein` and
`mmd`, which detect every difference given enough samples; `c2st` detects what a classifier detects
and is an AUC. For images, first compute features of a network trained on such images; then `kid`,
unbiased and blind to the fourth moment, and `frechet`, blind to all but mean and covariance and
biased upward: read it against its floor, or use `frechet_infinity`. `ndb` and `bin_divergence`
compare the shares of k-means bins.

*Is it good, or varied?* ``precision`` and ``density`` are fidelity, ``recall`` and ``coverage``
diversity, and a collapsed generator has the first but not the second. Coverage and density have
known floors and are robust to outliers; precision and recall have neither property.

*Who is to blame, D or G?* `balanced_accuracy` says whether D separates real from fake,
`calibration` whether its probabilities are correct. `optimal_d_loss` and `optimal_accuracy` are
what the best D would reach with the current modes: if D is far from it, D is to blame, otherwise G.

*Does the game itself converge?* `duality_gap` bounds from below how much either player could gain;
`jacobian_spectrum` distinguishes rotation from contraction at a checkpoint of a small game;
`latent_sensitivity` falls to 0 in a generator that ignores z.

None of them says how another seed would do: a standard error here covers the finite samples only.
The variation between trainings needs several of them.

A module with the name of its one function starts with an underscore. `Empirical`, `Balls`,
`Neighbourhoods` and `Bins` keep sorted samples, neighbours and bins for reuse. scikit-learn, which
`ndb`, `bin_divergence` and `c2st` use, is not imported before they are called.
"""

from __future__ import annotations

from gandiag.metrics._balanced_accuracy import balanced_accuracy
from gandiag.metrics._bin_divergence import bin_divergence
from gandiag.metrics._birthday import birthday
from gandiag.metrics._c2st import c2st
from gandiag.metrics._calibration import Calibration, calibration
from gandiag.metrics._covariance import covariance
from gandiag.metrics._density_coverage import DensityCoverage, density_coverage
from gandiag.metrics._digit_coverage import DigitCoverage, digit_coverage
from gandiag.metrics._duality_gap import duality_gap
from gandiag.metrics._energy import energy
from gandiag.metrics._frechet import frechet
from gandiag.metrics._frechet_infinity import frechet_infinity
from gandiag.metrics._jacobian_spectrum import jacobian_spectrum
from gandiag.metrics._jensen_shannon import jensen_shannon
from gandiag.metrics._kid import kid
from gandiag.metrics._ks import ks
from gandiag.metrics._kullback_leibler import kullback_leibler
from gandiag.metrics._latent_sensitivity import latent_sensitivity
from gandiag.metrics._mmd import mmd
from gandiag.metrics._mode_coverage import ModeCoverage, mode_coverage
from gandiag.metrics._moments import Moments, moments
from gandiag.metrics._ndb import ndb
from gandiag.metrics._precision_recall import PrecisionRecall, precision_recall
from gandiag.metrics._reach import Reach, reach
from gandiag.metrics._sliced_wasserstein import sliced_wasserstein
from gandiag.metrics._spread import spread
from gandiag.metrics._total_variation import total_variation
from gandiag.metrics._vendi import vendi
from gandiag.metrics._wasserstein import wasserstein
from gandiag.metrics.bins import Bins
from gandiag.metrics.empirical import Empirical
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.neighbourhoods import Neighbourhoods
from gandiag.metrics.neighbours import Balls
from gandiag.metrics.optimal import optimal_accuracy, optimal_d_loss, optimal_g_loss
from gandiag.metrics.target import Target

__all__ = [
    "Balls",
    "Bins",
    "Calibration",
    "DensityCoverage",
    "DigitCoverage",
    "Empirical",
    "Estimate",
    "ModeCoverage",
    "Moments",
    "Neighbourhoods",
    "PrecisionRecall",
    "Reach",
    "Target",
    "balanced_accuracy",
    "bin_divergence",
    "birthday",
    "c2st",
    "calibration",
    "covariance",
    "density_coverage",
    "digit_coverage",
    "duality_gap",
    "energy",
    "frechet",
    "frechet_infinity",
    "jacobian_spectrum",
    "jensen_shannon",
    "kid",
    "ks",
    "kullback_leibler",
    "latent_sensitivity",
    "mmd",
    "mode_coverage",
    "moments",
    "ndb",
    "optimal_accuracy",
    "optimal_d_loss",
    "optimal_g_loss",
    "precision_recall",
    "reach",
    "sliced_wasserstein",
    "spread",
    "total_variation",
    "vendi",
    "wasserstein",
]
