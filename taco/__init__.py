"Learned image compression whose encoder reads a caption: `taco.load('taco-mini')`."
__version__ = "0.1.0"

import os, signal, sys, threading
from typing import TYPE_CHECKING
def _stop(*_): os._exit(130)
if ((' -m taco ' in ' '.join([*sys.orig_argv, '']) or os.path.basename((sys.argv or [''])[0]) in ('taco','taco.exe')) and threading.current_thread() is threading.main_thread()
    and signal.getsignal(signal.SIGINT) is signal.default_int_handler): signal.signal(signal.SIGINT, _stop) # Ctrl-C while the command loads: no traceback; `main` ends this
if 'torch' not in sys.modules: os.environ.setdefault('OMP_WAIT_POLICY', 'passive') # threads sleep while they wait: see `calm` in the notebook on the codec

from ._lazy import lazily
from ._moved import renamed
if TYPE_CHECKING: # imported when it is asked for, since `taco.onnx` does without PyTorch
    from .base.files import ImageError, TacoError
    from .base.fetch import FetchError, fetch
    from .model.checkpoint import CheckpointError
    from .codec.format import Header, StreamError, unpack
    from .codec.protocol import ImageNote, Prompt, register
    from .codec.neural import NeuralCodec
    from .codec.models import load, shipped
else: __getattr__,__dir__ = lazily(__name__, renamed(__name__)) # who checks types is told of misspelt names

__all__ = ['TacoError', 'ImageError', 'FetchError', 'CheckpointError', 'StreamError', 'ImageNote', 'Header', 'unpack', 'Prompt', 'register', 'NeuralCodec', 'load', 'shipped', 'fetch']
