"Files, pictures, the machine, and distances that look through a network."
from typing import TYPE_CHECKING
from .._lazy import lazily
if TYPE_CHECKING: # imported when it is asked for
    from .files import TacoError, ImageError, FileError, TacoNote, atomic_write
    from .image import read_rgb, picture_size, to_tensor, to_rgb, psnr, pad_to
    from .machine import fast_dtype, best_device, versions
    from .perceptual import stlpips, lpips, Dists
else: __getattr__,__dir__ = lazily(__name__)
