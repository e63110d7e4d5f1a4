"Learned image compression whose encoder reads a caption: `taco.load('taco-mini')`."
__version__ = "0.1.0"

import os, sys
from typing import TYPE_CHECKING
if 'torch' not in sys.modules: os.environ.setdefault('OMP_WAIT_POLICY', 'passive') # threads sleep while they wait: see `calm` in the notebook on the codec

from .base.files import ImageError, TacoError
from .model.checkpoint import CheckpointError
from .codec.format import Header, StreamError, unpack
from .codec.protocol import ImageNote, Prompt, register
from .codec.neural import NeuralCodec
from .codec.models import load, shipped
from ._moved import renamed

__all__ = ['TacoError', 'ImageError', 'CheckpointError', 'StreamError', 'ImageNote', 'Header', 'unpack', 'Prompt', 'register', 'NeuralCodec', 'load', 'shipped']

if not TYPE_CHECKING: __getattr__ = renamed(__name__) # who checks types is told of misspelt names
