"Learned image compression whose encoder reads a caption: `taco.load('taco-mini')`."
__version__ = "0.1.0"

from .codec import Codec, ImageNote, Header, StreamError, load, shipped, unpack
from .core import ImageError, TacoError
from .model import CheckpointError
