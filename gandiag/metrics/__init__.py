"""Arrays in, numbers out: how far the generator is from the data, and how sure that is.

Every function takes ``fake=`` and, where it compares, ``real=``, by name: samples on the first
axis, [n] or [n, d], images [n, ...], of NumPy, PyTorch, TensorFlow, JAX or anything with
``__array__`` or DLPack. It returns an `Estimate`, or a record of them: ``value``, ``se`` or
``interval``, ``floor`` and ``n``. The floor is what the metric reads at this n when generator and
data are the same; a number near it says "no difference seen", however large it looks. Where a
fake sample is not finite the value is NaN; where the request is wrong there is a ValueError.

Which number to trust for what
------------------------------

*Is it collapsed?* On the line ``moments(...).std`` against its floor, beyond it `spread`: a
collapse onto a point or a mean image cannot hide from them. The loss of a few modes can: where
the modes are known ask `mode_coverage`, for labelled images `digit_coverage`, where nothing is
known ``density_coverage(...).coverage`` and ``precision_recall(...).recall``. The strict count of
modes rises with n, for one lucky sample counts; ``modes_robust`` does not. Diversity without
reference is what `vendi` and `birthday` measure: they cannot tell variety from noise.

*Is it the right distribution?* On the line `wasserstein`, in the unit of the data, and `ks`, a
share; `energy` where outliers must not rule. In a few dimensions `sliced_wasserstein` and `mmd`,
which see everything with patience; `c2st` sees what a classifier sees and reads as an AUC. Of
images, first go through features that know such images; then `kid`, unbiased and blind to the
fourth moment, and `frechet`, blind to all but mean and covariance and biased upward: read it
against its floor, or take `frechet_infinity`. `ndb` and `bin_divergence` say that bins differ.

*Is it good, or varied?* ``precision`` and ``density`` are fidelity, ``recall`` and ``coverage``
diversity, and a collapsed generator has the first and not the second. Coverage and density have
known floors and bear outliers; precision and recall do neither.

*Who is to blame, D or G?* `balanced_accuracy` says whether D tells the two apart, `calibration`
whether its probabilities mean anything. `optimal_d_loss` and `optimal_accuracy` say what the best
D would reach on the modes that are there: a D far behind is D's fault, one that is there is G's.

*Does the game itself converge?* `duality_gap` bounds from below how much either player could gain;
`jacobian_spectrum` tells rotation from contraction at a checkpoint of a small game;
`latent_sensitivity` falls to 0 in a generator that does not listen to z.

What none of them says: how another seed would do. An error here is that of finite samples; how
trainings differ is seen from several of them.

A module whose one function bears its name has an underscore before it. The lines of `Empirical`,
`Balls` and `Bins` keep what is sorted, searched or binned once. Of scikit-learn, which `ndb`,
`bin_divergence` and `c2st` stand on, nothing is imported before they are called.
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
from gandiag.metrics._sliced_wasserstein import sliced_wasserstein
from gandiag.metrics._spread import spread
from gandiag.metrics._total_variation import total_variation
from gandiag.metrics._vendi import vendi
from gandiag.metrics._wasserstein import wasserstein
from gandiag.metrics.bins import Bins
from gandiag.metrics.empirical import Empirical
from gandiag.metrics.estimate import Estimate
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
    "PrecisionRecall",
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
    "sliced_wasserstein",
    "spread",
    "total_variation",
    "vendi",
    "wasserstein",
]
