"Learned image compression whose encoder reads a caption: `taco.load('taco-mini')`."
__version__ = "0.1.0"

import os, sys
from typing import TYPE_CHECKING
if 'torch' not in sys.modules: os.environ.setdefault('OMP_WAIT_POLICY', 'passive') # threads sleep while they wait: see `calm` in the notebook on the codec

from ._lazy import lazily
from ._moved import renamed
if TYPE_CHECKING: # imported when it is asked for, since `taco.onnx` does without PyTorch
    from .base.files import ImageError, TacoError
    from .model.checkpoint import CheckpointError
    from .codec.format import Header, StreamError, unpack
    from .codec.protocol import ImageNote, Prompt, register
    from .codec.neural import NeuralCodec
    from .codec.models import load, shipped
else: __getattr__,__dir__ = lazily(__name__, renamed(__name__))
