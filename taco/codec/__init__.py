"Pictures to bytes and back: the `.taco` file, our codec, and others behind the same interface."
from typing import TYPE_CHECKING
from .protocol import BaseCodec, ImageNote, Prompt, register
from .format import MAGIC, VERSION, LEVEL_STEPS, StreamError, Header, pack, unpack
from .neural import MARGIN, REFINED, model_id, NeuralCodec, progress, calm, lmbda_to_level, level_to_lmbda, bought, check_effort
from .models import WEIGHTS, shipped, load, CodecSet, load_set
from .._moved import renamed
if not TYPE_CHECKING: __getattr__ = renamed(__name__)
