"Metrics, rate-distortion curves, comparisons, and what a caption buys."
from .sets import hific_patches, Fid, Cmmd
from .metrics import METRICS, SETS, scorer
from .bd import bd_rate, bd_metric
from .curves import Curve, published, read_curves, bd_table
from .plots import plot_rd, figure
from .compare import RoundTrip, round_trip, round_trips
