"""Where the diagnosis draws its lines: every threshold of every detector, with its reason.

Distances are in standard deviations of the data, durations in parts of the planned length or in
log points. They were set on the calibrating set of `gandiag selftest` and are judged on another.
"""

from __future__ import annotations

# --- quality -----------------------------------------------------------------------------------

GOOD_DISTANCE = 1 / 3
"""The distance above its floor, in standard deviations, up to which samples are good: the mean off
by a third of a standard deviation, or the standard deviation by 40 %."""

GOOD_SCORE = 0.4
"""The part of the classifier's score that good images of digits may lack."""

GOOD_MODES = 0.2
"""The divergence of the modes' shares, in nats, up to which the modes are held evenly enough."""

# --- when to speak -----------------------------------------------------------------------------

FEWEST = 8
"""Log points with samples below which nothing but a number that is not finite is judged."""

BURN_IN = 0.2
"""The part of the planned length in which a training may look like anything."""

BURN_IN_POINTS = 30
"""The same in log points, where nobody planned a length."""

RECENT = 0.1
"""The part of the length that says how a run stands now."""

MOTION = 0.25
"""The part of the length that says whether a run still moves."""

PATIENT = 0.5
"""The part of the planned length before which no run is called off target: it may get there."""

# --- collapse ----------------------------------------------------------------------------------

COLLAPSED_SPREAD = 0.25
"""The ratio of generated to real standard deviation below which samples are a narrow peak."""

NARROW_SPREAD = 0.5
"""The ratio below which they are too narrow: not a collapse yet, and no good fit either."""

HELD_SHARE = 0.1
"""A mode is held whose share is at least this part of its share among the data."""

COLLAPSED_MODES = 0.5
"""The part of the modes up to which a generator that holds no more has collapsed."""

IMBALANCE = 0.25
"""The divergence of the shares from the data's, in nats, above which the modes are uneven."""

SEEN_PER_MODE = 3.0
"""Samples of quality that a mode must be able to expect before its absence means something; more
where there are many: log(20 K), of which chance leaves out one of K modes in 5 % of draws."""

# --- standstill --------------------------------------------------------------------------------

STILL = 1e-6
"""The relative range within which a loss or the norm of weights counts as unchanged."""

STILL_POINTS = 6
"""For how many log points at least, and for how much of the length:"""

STILL_PART = 0.05
"""A player may pause; one that never moves again has stopped."""

NO_GRADIENT = 1e-7
"""The part of its own early median below which a gradient is none."""

# --- running away ------------------------------------------------------------------------------

FAR = 3.0
"""The distance, in standard deviations, from which samples that go on moving away have left."""

GONE = 30.0
"""The distance at which they have left, whether or not they go on: no batch overlaps the data's."""

GROWTH = 10.0
"""The factor above its own earlier level at which a loss or a norm has blown up."""

CERTAIN = 4.0
"""The standard errors that a trend must have to count as one."""

# --- oscillation -------------------------------------------------------------------------------

PERIODIC = 0.5
"""The height of the first peak of the autocorrelation from which a series is periodic."""

TROUGH = -0.25
"""How far it must fall before that peak: noise that is merely slow does not."""

CYCLES = 3.0
"""How many cycles must be seen."""

CYCLE_POINTS = 24
"""The fewest log points in which cycles are looked for: of white noise 4 % of windows of 12 have
them, of windows of 50 .2 %."""

SHORTEST_PERIOD = 4
"""The shortest period in log points: faster ones cannot be told from noise at this cadence."""

SWING = 0.25
"""The amplitude in standard deviations of the data from which samples swing."""

GROWING = 2.0
"""The factor by which the amplitude grows over what is seen of an oscillation that expands."""

# --- fidelity ----------------------------------------------------------------------------------

CLEAN = 0.5
"""The part of the high quality of real samples below which most samples lie between the modes."""

# --- episodes: spikes, balance, gradients, hopping, regression, stagnation, moments, precedence ---

SETTLING = 0.2
"""The first part of the planned length: what happens only there is how a game begins. Of healthy
runs of ``devnag-1d`` half swing widely or have a D that wins there, and no later."""

SPIKE_Z = 8.0
"""How many robust standard deviations above the window before it a spike of the loss stands."""

SPIKE_HEIGHT = 0.4
"""What a spike adds at least to the logarithm of a loss: a half. Smaller ones matter to nobody, and
a loss that has settled to 1e-4 would have one with every tremor."""

SPIKE_POINTS = 3
"""How many log points in a row a spike stands half as high at least; t-distributed noise of three
degrees passes ``SPIKE_Z`` at one point in 700, but then its neighbours do not follow."""

SPIKE_ALONE = (100.0, 1.1)
"""The z and the logarithm (a factor of 3) from which fewer log points will do."""

SPIKE_PART = 0.2
"""The part of the planned length before a spike with which it is compared."""

SPIKE_WINDOW = (20, 100)
"""And the log points of it, at least and at most."""

SPIKE_GAP = 10
"""The log points between two spikes up to which they are one."""

OVERPOWERING = 0.95
"""The balanced accuracy above which D tells nearly every sample: a Wasserstein-1 distance of over
three standard deviations, or supports that do not meet."""

OVERPOWERING_PART = 0.1
"""The part of the planned length that D overpowers at least; 8 log points at least."""

BLIND_ACCURACY = 0.55
"""Up to here D guesses; below .5 it is wrong more often than right, which helps G no more."""

BLIND_OUTPUTS = 0.02
"""The difference of D's mean outputs up to which they are the same, where accuracy is unknown."""

BLIND_EXCESS = 3.0
"""How far from the data the samples are, in units of what is good, if D ought to see it."""

BLIND_PART = 0.15
"""The part of the planned length that D is blind at least; 8 log points at least."""

VANISHED = 1e-3
"""The part of its early norm below which G's gradient has vanished."""

VANISHED_EARLY = 0.1
"""The first part of the planned length, in which the early norm is taken."""

VANISHED_PART = 0.05
"""The part of the planned length without a gradient at least; 5 log points at least."""

HELD = 0.1
"""The part of 1/K that a mode's share has at least where the mode is held (science.md B.1)."""

HOP = 0.5
"""The total variation between two states of the shares that is a hop from mode to mode."""

HOPS = 3
"""How many hops are an episode: one is a change of mind, three are a habit."""

HOP_PART = 0.1
"""The part of the planned length between two hops of one episode at most; 5 log points at least."""

REGRESSION_RISE = 0.5
"""By which part of the best quality the samples got worse at least."""

REGRESSION_SE = 3.0
"""By how many standard errors of the measurement they got worse at least."""

REGRESSION_PART = 0.02
"""The part of the planned length over which the median is taken; 5 to 101 log points."""

REGRESSION_APART = 0.05
"""The part of the planned length up to which two drawdowns are swings of one."""

STAGNATION_PART = 0.2
"""The part of the planned length without progress at least; 12 log points at least."""

STAGNATION_T = 1.96
"""The half width, in standard errors, of the interval of a slope."""

STAGNATION_CHANGE = (0.05, 0.2)
"""The parts of the level that still quality may change in a window: whatever the errors are, for in
a long record every slope is one; and at most, if the errors would allow it."""

STAGNATION_FLOOR = 2.0
"""How many times the floor of the measurement stagnant quality exceeds."""

MOMENT_BANDS = {"mean": 1 / 3, "std": 0.4, "skew": 0.5, "kurtosis": 1.0}
"""How far a moment may be off: mean and std in standard deviations of the data, the shape's moments
in their own unit."""

MOMENT_SE = 3.0
"""How many standard errors a moment that fails is off at least."""

MOVED_BAND = 2.0
"""By which factor a series leaves the widest excursion of its earlier band to have moved."""

MOVED_Z = 6.0
"""And how many robust standard deviations from its earlier median it goes at least."""

MOVED_POINTS = 3
"""For how many log points in a row it stays out there."""

MOVED_WINDOW = (10, 30)
"""The log points of the earlier band, at least and at most."""

# --- losses against samples --------------------------------------------------------------------

WINDOW = 0.3
"""The part of the planned length that a window of divergence has, so that a run has few of them."""

WINDOW_POINTS = 60
"""The log points it has at least; a run that is planned shorter has one window, its own length."""

FEWEST_POINTS = 30
"""Log points below which nothing is said of how two series move together."""

WINDOW_P = 0.015
"""The one-sided p of either slope: at most 5 % of runs of unrelated AR(1) noise get any window."""

WORSE = 0.1
"""The part of its range by which the quality must change in a window; and three errors of it."""

FEWEST_RUNS = 5
"""Runs below which no pairing of losses and qualities can be called rare: 1 / 5! is the least p."""

TEXTBOOK = 0.05
"""The part of its equilibrium value by which the mean of a loss may miss it and stand there."""

TEXTBOOK_NOISE = 0.15
"""The same of its standard deviation: a loss that swings about its equilibrium is not at it."""

# --- dynamics ----------------------------------------------------------------------------------

TURNS = 2.0
"""Turns below which neither a period nor a growth per turn is fitted."""

REGULAR = 0.3
"""The scatter of the half turns, in parts of their mean, up to which they are those of an orbit."""

KEEPS = 1.1
"""The factor over the later half of what was seen up to which an orbit keeps its radius."""

LEADS = 0.3
"""The correlation of D's advantage with the growth of the distance that tells a direction."""
