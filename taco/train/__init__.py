"From pictures to weights: losses, recipes, the run."
from typing import TYPE_CHECKING
from .recipe import RECIPES, TrainConfig, lr_at
from .muon import orthogonal, Muon, matrices
from .start import PIVOT, taco_from_elic, begin, named_text, losses
from .objective import Objective, seed_step, draw
from .checkpoints import provenance, save_checkpoint, last_checkpoint, cut_log, add_rows
from .validate import Validation, validate_captions, mean_rows
from .run import stop_asked, Run, read_config, check_captions, check_folder, encoder_for, optimisers, Trainer
from .._moved import renamed
if not TYPE_CHECKING: __getattr__ = renamed(__name__)
