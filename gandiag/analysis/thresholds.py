"""Every threshold of every detector, with its reason.

Distances are in standard deviations of the data, durations in parts of the planned length or in
log points. They were set on the calibrating set of `gandiag selftest` and are judged on another.
"""

from __future__ import annotations

# --- quality -----------------------------------------------------------------------------------

GOOD_DISTANCE = 1 / 3
"""The distance above its floor, in standard deviations, up to which samples are good: the mean off
by a third of a standard deviation, or the standard deviation by 40 %."""
DISTANCE_UNSURE = 1.5
"""Up to how many times that the upper end of its interval may reach where samples are good."""
CERTAINTY = 2.0
"""The half width of intervals, in standard errors."""
FRESH = 0.5
"""The part of the error of one log point that many of them keep at least: the real samples are the
same, and often the latent points."""
LOST = (0.07, 0.15)
"""The lost share that is too much, and up to which its interval may reach where it is none. One of
ten modes is .1; a mode with a tenth of its share counts as half lost."""
PER_PIECE = 4.0
"""The samples that are expected in the smallest piece of the data whose loss is seen,"""
LARGEST_PIECE = 0.2
"""and the largest piece that is looked at; as in `gandiag.metrics.reach`."""
MISPLACED = (0.15, 0.25)
"""The same of the share of samples off the data; the rules of success of ring and grid ask for 90 %
near a mode."""
MOSTLY = 0.5
"""The share off the data from which this is the verdict, and not that they are too narrow."""
SHAPE = (0.2, 0.3)
"""The same of the total variation, in one and two dimensions: a mean off by a third of a standard
deviation reads .13, off by a half .20, a spike of a third of the samples .27."""
WORST_DIRECTION = (0.6, 0.9)
"""The same of the distance along the worst of many columns and components: a constant one reads
.8."""
UNMATCHED = 0.4
"""The share of the data without a near sample from which samples repeat: good runs of a ring, a
fifth narrower within each mode than the data, read .14 to .25."""
LOST_MOST = 0.7
"""The lost share from which a generator has collapsed."""
MISPLACED_TOO = 0.05
"""The share of samples that surely lies off the data where a lost share is no collapse,"""
MISPLACED_PART = 0.2
"""and its part of the lost share: the samples are then elsewhere and not too few."""
SHAPE_PART = 1.5
"""The total variation, in parts of the lost share, from which the shape is wrong, nothing lost."""
ELSEWHERE_PART = 1.5
"""The distance along one direction, in parts of what the loss of a tail explains, from which the
samples are moved and not too few; where all of a lost mode goes to another one, 1.4."""
ELSEWHERE = 1.5
"""The distance from which a lost share is no collapse: a part of the data is nearer."""
FEWEST_SAMPLES = 9
"""The samples a log point below which nothing is said of them."""
GOOD_SCORE = 0.4
"""The part of the classifier's score that good images of digits may lack."""
GOOD_MODES = 0.2
"""The divergence of the modes' shares, in nats, up to which the modes are covered evenly enough."""

# --- series ------------------------------------------------------------------------------------

SMOOTH = 5
"""The log points of a running median, so that single ones do not decide."""
BLOCKS = 5
"""Into how many blocks a window is cut to find its direction."""
DIRECTION = 0.25
"""The change from the first block to the last, in parts of their mean size, of a direction."""
ESCAPE = 1.5
"""The factor above each other block that the last one of an escaping series has."""
TAIL_POINTS = 3
"""The last log points, which must not have turned back."""
FINEST = 8
"""The parts of the strongest period over which a series is smoothed before its crossings count."""

# --- when to judge -----------------------------------------------------------------------------

FEWEST = 8
"""Log points with samples below which only values that are not finite are judged."""
BURN_IN = 0.2
"""The part of the planned length in which a training run may look like anything."""
BURN_IN_POINTS = 30
"""The same in log points, where the length is unknown."""
RECENT = 0.1
"""The part of the length that shows how a run is now."""
RECENT_POINTS = 5
"""The log points of it, at least."""
MOTION = 0.25
"""The part of the length that shows whether a run still changes."""
TREND_POINTS = 8
"""The log points of it, at least."""
PATIENT = 0.5
"""The part of the planned length before which no run is called off target: it may get there."""
AFTER_GAP = 10
"""The log points after a gap in the record, as after a resume, from which they are judged."""
CLEAR_CHANGE = 0.1
"""The part of its level that a distance changes at least along a line that counts,"""
CLEAR_T = 3.0
"""and the standard errors of that change."""
FAR_GAP = 3
"""The log points without samples of a quality that do not interrupt it."""
WIDENED = 1.25
"""The factor above its median at which a window of few log points ends that widens."""
LOOKS = 10
"""At how many ends of the record oscillations are searched for, the last included."""

# --- collapse ----------------------------------------------------------------------------------

COLLAPSED_SPREAD = 0.25
"""The ratio of generated to real standard deviation below which samples are a narrow peak."""
NARROW_SPREAD = 0.5
"""The ratio below which they are too narrow: not a collapse yet, and no good fit either."""
POINT = 0.01
"""The ratio below which they are a single point."""
HELD_SHARE = 0.1
"""A mode is covered whose share is at least this part of its share among the data."""
COLLAPSED_MODES = 0.5
"""The part of the modes below which a generator has collapsed; of a half it has lost no more than
it covers."""
IMBALANCE = 0.25
"""The divergence of the shares from the data's, in nats, above which the modes are uneven."""
SEEN_PER_MODE = 3.0
"""Samples of high quality to expect at each mode before its absence is significant; more
where there are many: log(20 K), of which chance leaves out one of K modes in 5 % of draws."""
COLLAPSED_GAP = 2
"""The log points without a collapse that do not interrupt it."""
COLLAPSED_PART = 0.8
"""The part of a partial collapse above which it is reported as the collapse that it includes."""

# --- standstill --------------------------------------------------------------------------------

STILL = 1e-6
"""The relative range within which a loss or the norm of weights counts as unchanged."""
STILL_POINTS = 6
"""For how many log points at least, and for how much of the length:"""
STILL_PART = 0.05
"""A player may pause; one that never moves again has stopped."""
NO_GRADIENT = 1e-7
"""The part of its own early median below which a gradient is negligible."""
ABRUPT = 1e-3
"""The part of its median above which a gradient vanishes abruptly if it does so"""
ABRUPT_POINTS = 3
"""within so many log points."""
STILL_GOOD_PART = 0.2
"""The same part where the samples are good: whoever freezes a player near a good end, or anneals
its rate to 0, has lost nothing."""
LAST_STEPS = 3
"""The last steps of a series before it stops,"""
GRADUAL = 0.1
"""which are smaller than this part of its usual ones where it came to rest gradually."""
JUMP = 5.0
"""The factor above the steps before from which the last step of a series is a jump to another
state: a generator that stops keeps what it had."""
JUMP_WINDOW = 10
"""The steps before."""
CLIP_ERROR = 1e-3
"""The relative error up to which a loss is that of a clipped logarithm."""

# --- running away ------------------------------------------------------------------------------

FAR = 3.0
"""The distance, in standard deviations, from which samples that go on moving away have left."""
GONE = 30.0
"""The distance at which they have left, whether or not they go on: no batch overlaps the data's."""
GROWTH = 10.0
"""The factor above its own earlier level at which a loss or a norm has blown up."""
DOUBLINGS = 1.0
"""How often it doubles at least within a tenth of the length."""
CERTAIN = 4.0
"""The standard errors that a trend must have to count as one."""
EARLY_POINTS = 5
"""Log points between the burn-in and the growth with which it is compared, at least."""
LEFT_FACTOR = 2.0
"""The factor above the least distance at which samples begin to leave."""
LOST_POINTS = 2
"""The log points for which a series is not finite at least: a single one may recover."""

# --- oscillation -------------------------------------------------------------------------------

PERIODIC = 0.5
"""The height of the first peak of the autocorrelation from which a series is periodic."""
TROUGH = -0.25
"""How far it must fall before that peak: noise that is merely slow does not."""
CYCLES = 3.0
"""How many cycles must be observed."""
CYCLE_POINTS = 24
"""The fewest log points in which cycles are searched for: of white noise 4 % of windows of 12 have
them, of windows of 50 .2 %."""
SINCE_CYCLES = 2.5
"""How many of them must lie after its beginning, which is found to half a cycle."""
PERIODIC_SE = 3.5
"""The height of that peak in standard errors, 1 over the root of the log points: .71 at 24."""
ABOVE_NOISE = 2.0
"""The factor above the amplitude that sampling alone gives (the root of 2, times the recorded
standard error): four times its variance, which errors of heavy tails, too small by half, allow."""
SHORTEST_PERIOD = 4
"""The shortest period in log points: shorter ones cannot be told from noise at this cadence."""
WINDOWS = (0.25, 0.6)
"""The last parts of the length that are searched: an oscillation may be recent, or slow."""
SWING = 0.25
"""The amplitude in standard deviations of the data from which samples oscillate."""
LOSS_SWING = 0.1
"""The amplitude of a loss, in parts of its own median size, from which it oscillates."""
SWING_BEGINS = 0.7
"""The part of the least range of an oscillation that its beginning must have."""
PREFER_LONG, PREFER_MEAN = 0.1, 0.05
"""What the longer window, and a mean, add to the strength of an oscillation when one is chosen."""
GROWING = 2.0
"""The factor by which the amplitude of a growing oscillation grows over what is observed of it."""
DECAYING = 0.5
"""The factor up to which an oscillation decays."""

# --- episodes: spikes, balance, gradients, hopping, regression, stagnation, moments, precedence ---

SETTLING = 0.2
"""The first part of the planned length: what happens only there is how a game begins. Of healthy
runs of ``devnag-1d`` half oscillate widely or have a D that wins there, and no later."""
SPIKE_Z = 8.0
"""How many robust standard deviations above the window before it a spike of the loss is."""
SPIKE_HEIGHT = 0.4
"""What a spike adds at least to the logarithm of a loss: a half. Smaller ones do not matter, and
a loss that has settled to 1e-4 would have one with every fluctuation."""
SPIKE_POINTS = 3
"""How many log points in a row a spike is half as high at least; t-distributed noise of three
degrees passes ``SPIKE_Z`` at one point in 700, but then its neighbours do not follow."""
SPIKE_ALONE = (100.0, 1.1)
"""The z and the logarithm (a factor of 3) from which fewer log points will do."""
SPIKE_PART = 0.2
"""The part of the planned length before a spike with which it is compared."""
SPIKE_WINDOW = (20, 100)
"""And the log points of it, at least and at most."""
SPIKE_DECAY = 0.9
"""The part of its height below which a spike is after as many log points as the window before it:
a tail may be long, but what stays up is another level."""
SPIKE_BACK = 0.02
"""The logarithm, or two standard deviations, above the level before at which a spike is over."""
SPIKE_GAP = 10
"""The log points between two spikes up to which they are one."""
BALANCE_POINTS = 8
"""The log points for which D overpowers or is blind at least."""
OVERPOWERING = 0.95
"""The balanced accuracy above which D separates nearly every sample: a Wasserstein-1 distance of
over three standard deviations, or supports that do not meet."""
OVERPOWERING_PART = 0.1
"""The part of the planned length that D overpowers at least."""
BLIND_ACCURACY = 0.55
"""Up to here D guesses; below .5 it is wrong more often than right, which helps G no more."""
BLIND_OUTPUTS = 0.02
"""The difference of D's mean outputs up to which they are the same, where accuracy is unknown."""
BLIND_EXCESS = 3.0
"""How far from the data the samples are, in units of what is good, if D should separate them."""
BLIND_PLATEAU = 1.5
"""The factor above its level at the end up to which the distance has stopped improving."""
BLIND_PART = 0.15
"""The part of the planned length that D is blind at least."""
VANISHED = 1e-3
"""The part of its early norm below which G's gradient has vanished."""
VANISHED_EARLY = 0.1
"""The first part of the planned length, in which the early norm is taken."""
VANISHED_PART = 0.05
"""The part of the planned length without a gradient at least,"""
VANISHED_POINTS = 5
"""and the log points."""
HOP = 0.5
"""The total variation between two states of the shares that is a hop from mode to mode."""
HOPS = 3
"""How many hops make an episode: one may be chance."""
HOP_PART = 0.1
"""The part of the planned length between two hops of one episode at most;"""
HOP_POINTS = 5
"""or so many log points, if these are more."""
REGRESSION_RISE = 0.5
"""By which part of the best quality the samples got worse at least."""
REGRESSION_SE = 3.0
"""By how many standard errors of the measurement they got worse at least."""
REGRESSION_PART = 0.02
"""The part of the planned length over which the median is taken,"""
REGRESSION_POINTS = (5, 101)
"""and the log points, at least and at most."""
REGRESSION_APART = 0.05
"""The part of the planned length up to which two drawdowns are swings of one."""
STAGNATION_PART = 0.2
"""The part of the planned length without progress at least,"""
STAGNATION_POINTS = 12
"""and the log points."""
STAGNATION_T = 1.96
"""The half width, in standard errors, of the interval of a slope."""
STAGNATION_CHANGE = (0.05, 0.2)
"""The parts of the level that stagnating quality may change in a window: whatever the errors are,
for in a long record every slope is significant; and at most, if the errors would allow it."""
STAGNATION_FLOOR = 2.0
"""How many times the floor of the measurement stagnating quality exceeds,"""
STAGNATION_BAD = 0.9
"""and at which part of the log points."""
MOMENT_BANDS = {"mean": 1 / 3, "std": 0.4, "skew": 0.5, "kurtosis": 1.0}
"""How far a moment may be off: mean and std in standard deviations of the data, the shape's moments
in their own unit."""
MOMENT_SE = 3.0
"""How many standard errors a moment that fails is off at least."""
LEAD = 20
"""The log points before an episode in which its cause is searched for."""
MOVED_BAND = 2.0
"""By which factor a series leaves the widest excursion of its earlier band to have moved."""
MOVED_Z = 6.0
"""And how many robust standard deviations from its earlier median it goes at least."""
MOVED_POINTS = 3
"""For how many log points in a row it stays out there."""
MOVED_FAINT = 2.0
"""The robust standard deviations outside which a series may already be on its way: who leads is
sure only where nobody else can have begun as early."""
MOVED_SIGN = 0.5
"""The part of the band from which a series may have moved, though it is not sure."""
MOVED_WINDOW = (10, 30)
"""The log points of the earlier band, at least and at most."""

# --- losses alone --------------------------------------------------------------------------------

CRITIC_BELOW = -1e-6
"""A loss of D below it is no classifier's: rounding, log(1 + 1e-8), reaches -1e-7."""
STARTS_AT = 0.15
"""The part by which the first loss of D may miss that of an undecided one: 2 log 2 and log 2 are
a factor of 2 apart, and D may have learnt a little until the first log point."""
WRONG_SHARE = 1 - OVERPOWERING
"""The part of an undecided D's loss below which D is right as often as ``OVERPOWERING``: every
wrong answer costs at least as much as an undecided one."""
CERTAIN_G_LOSS = 2.0
"""G's loss -log D(G(z)) from which so low a loss of D is a classifier's: by Jensen's inequality it
is at least 2.7 there; some is left for the step between both."""
CERTAIN_D_LOSS = 1e-3
"""D's loss below which D separates by any classifier's loss, wrong in .8 % at most (squares),"""
CERTAIN_START = (0.3, 3.0)
"""if it began as such a loss does: a critic's estimate may be small all the time."""
NO_CONTEST = 0.5
"""The part of the least sum of two opponents' losses below which they are none; a step of either
player between both losses does not halve it."""
LEAST_OF_SQUARES = 0.25
"""That sum of halved squares, the lowest of all: a cross-entropy's is 2 log 2, a hinge's 1."""
CHANCE_WIDTH = (0.05, 5, 51)
"""The part of the length, and the least and most log points, of the median of a loss's level."""
RUNAWAY = 4.0
"""The factor above its first level at which a loss has run away; a line from near 0 over 60 log
points reaches 10, a square root 4.5; losses of good image GANs rise by less before they settle."""
RUNAWAY_BLOCKS = 8
"""In so many blocks it grows from each to the next, which 3 % of random walks do in a window."""
RUNAWAY_EARLY = 0.05
"""The first part of the length, in which that level is taken,"""
RUNAWAY_POINTS = 5
"""of so many log points at least."""

# --- losses against samples --------------------------------------------------------------------

WINDOW = 0.3
"""The part of the planned length that a window of divergence has, so that a run has few of them."""
WINDOW_POINTS = 60
"""The log points it has at least; a run that is planned shorter has one window, its own length."""
FEWEST_POINTS = 30
"""Log points below which two series are not compared."""
WINDOW_WHOLE = 0.9
"""The part of its log points that the one window of a short run has."""
WINDOW_P = 0.015
"""The one-sided p of either slope: at most 5 % of runs of unrelated AR(1) noise get any window."""
WORSE = 0.1
"""The part of its range by which the quality must change in a window; and three errors of it."""
FEWEST_RUNS = 5
"""Runs below which no pairing of losses and qualities can be called rare: 1 / 5! is the least p."""
DENSE = 0.9
"""The part of the log points at which a run that is compared has both loss and quality."""
SIGNIFICANT = 0.05
"""The p-value below which a loss goes with the samples."""
CANCELLED = 0.1
"""The part of the greater change of two terms up to which their changes cancel."""
EQUILIBRIUM_POINTS = 10
"""Log points from which the level of a loss is taken, at least."""
TEXTBOOK = 0.05
"""The part of its equilibrium value by which the mean of a loss may miss it, or"""
TEXTBOOK_SE = 2.0
"""the standard errors."""
TEXTBOOK_NOISE = 0.15
"""The same of its standard deviation: a loss that fluctuates more is not at its equilibrium."""

# --- dynamics ----------------------------------------------------------------------------------

TURNS = 2.0
"""Periods below which neither a period nor a growth per period is fitted."""
REGULAR = 0.3
"""The scatter of the half periods, in parts of their mean, up to which they form an orbit."""
KEEPS = 1.1
"""The factor over the later half of the periods up to which an orbit keeps its radius."""
LEADS = 0.3
"""The correlation of D's advantage with the growth of the distance that shows a direction."""

# --- a user's own quality ------------------------------------------------------------------------

OWN_FEWEST = 5
"""The values of a user's own column below which nothing but the best is said of it."""
OWN_PART = (0.05, 3, 101)
"""The part of the planned length that a running median covers, and its values, at least and at
most: such columns are measured seldom."""
OWN_SLOW = 10
"""The running medians without a common value from which their noise counts as well."""
OWN_WORSE = 0.5
"""The part of its best by which a column whose worse values are greater got worse at least; one
whose worse values are smaller has fallen as much at two thirds of its best: by the same factor."""
OWN_UNDONE = 0.5
"""Or the part of what was gained since the start that is undone, for a column without a zero."""
OWN_GAIN = 20.0
"""The steps of noise that the gain has at least, to be one."""
OWN_NOISE = 6.0
"""The steps of noise, between running medians, by which it got worse at least."""
OWN_PAUSE = 0.3
"""The part of the planned length without a new best after which a column stagnates."""
OWN_BETTER = 0.05
"""The part of the best, and"""
OWN_BETTER_NOISE = 3.0
"""the steps of noise, by which a new best is better than the one before to count."""

# --- what is missing ---------------------------------------------------------------------------

RARE = 0.1
"""The part of its values that a column lacks as a rule from which NaN means: not measured."""
CONFIRM = 10
"""The values that NaN must last at most, while a run goes on, before a column that was always there
is lost: a player's loss has a break of fewer updates than this in the usual schedules."""
STOPPED = 20
"""The values that NaN must last where a column had one value only, or has a pattern of its own,"""
LONGER = 3
"""and how many times its longest break before."""
GAP_STEP = 4.0
"""The factor above the widest of the steps before at which a step between two log points is a gap,
as after a resume: a cadence that doubles each time is none."""
GAP_STEPS = 10
"""The steps that are compared with it on either side, at most;"""
GAP_FEWEST = 3
"""and at least before it."""

# --- hints of a Monitor about its loop ---------------------------------------------------------

HINT_LOOKS = 10
"""The first log points that are looked at; later ones show the training and not its beginning."""
HINT_STEPS = 300
"""The steps over which something must stay before it is called a bug: D is often trained alone
for up to 100 steps first."""
EDGE_LOOKS = 3
"""Log points at which generated values end at an edge; one may be an untrained generator's."""
REACHING_LOOKS = 5
"""Log points at which they come near an edge that none of them is beyond, without ending sharply:
by chance, the greatest of them is in so small a part of the range once, and not five times."""
NEGATIVE = -0.2
"""The value below which data scaled to [0, 1] are missed by more than a noisy output."""
MANY_NEGATIVE = 0.2
"""The part of real values that are negative, where no generated one of many coordinates is."""
EDGE_SHARE = 0.005
"""The part of generated values at the edge at which an output saturates."""
NEAR_EDGE = 0.01
"""What is at the edge, in parts of the range of the generated values; at a chance edge the next
hundredth holds as many, so an edge must have twice as many."""
SOLID_EDGE = 1e-3
"""How near half of all values are to -1 or 1 in an output that is saturated altogether."""
WIDE = 0.5
"""The range of generated values from which on their ends are looked at: an untrained generator is
narrow, and ends anywhere."""
BEYOND_EDGE = 0.02
"""The part of real values that an edge of the generated ones cuts off; a few are outliers."""
MANY_COORDINATES = 16
"""Coordinates from which on a range does not come about by the place of a single mean."""
GRID_LOOKS = 2
"""Log points at which generated values are rounded; nothing else puts all values on a grid."""
ZERO_LOOKS = 5
"""Log points at which a generated column is exactly 0: a ReLU at the end may recover at first."""
ZERO_SHARE = 0.005
"""The part of the column's real values that may be exactly 0 as well."""
GAP_CLOSES = 0.01
"""The part of its distance that a column comes nearer in half the log points if it is learned."""
LEARNS = 0.1
"""The standard deviations by which another column moves meanwhile, so that G does learn."""
EQUAL = 1e-6
"""The part of their size by which samples differ that are equal but for rounding."""
DISTINCT = 0.5
"""The part of different samples in a batch that repeats them; a draw with replacement, of as many
as there are, has .63."""
REPEATED_GROUPS = 5
"""Different samples that are repeated: where all units of a layer are off, one value repeats."""
LOSS_CONSTANT = 1e-6
"""The change of a loss, in parts of it or of 1, below which it does not depend on its batch."""
LOSS_SETTLES = 30
"""Steps before which losses may be 0 because nothing was updated, as in accumulated gradients."""
LOSS_START = 0.1
"""The loss of each player at first: a critic's that starts almost at 0 is small by its scale."""
LOSS_SMALL = 0.05
"""The losses of both players that opponents cannot have at once: where D's cross-entropy is .05,
G's is 3, and in least squares .5."""
FAR_OFF = 0.5
"""The greatest difference of a column's distribution functions in samples that are far off."""
