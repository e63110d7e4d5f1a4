"Learned image compression whose encoder reads a caption: `taco.load('taco-mini')`."
__version__ = "0.1.0"

import os, sys
if 'torch' not in sys.modules: os.environ.setdefault('OMP_WAIT_POLICY', 'passive') # threads sleep while they wait: see `calm` in the notebook on the codec

from .base.files import ImageError, TacoError
from .base.fetch import FetchError, fetch
from .model.checkpoint import CheckpointError
from .codec.format import Header, StreamError, unpack
from .codec.protocol import ImageNote, Prompt, register
from .codec.neural import NeuralCodec
from .codec.models import load, shipped
from ._moved import renamed
__getattr__ = renamed(__name__)
