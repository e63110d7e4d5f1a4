"What a user may write, with the types that a checker shall see; mypy reads it, nobody runs it."
from pathlib import Path
from typing import Any
import numpy as np
from PIL import Image
from typing_extensions import assert_type
import taco
from taco.base.image import psnr, read_rgb
from taco.codec.models import CodecSet
from taco.codec.protocol import BaseCodec, Codec
from taco.codec.zoo import open_codec
from taco.measure.bd import bd_rate
from taco.measure.compare import RoundTrip, compare
from taco.measure.evaluate import evaluate
from taco.measure.metrics import METRICS, Metric, scorer
from taco.text.encoder import TextEncoder
from taco.text.towers import load_text

# There and back
codec = taco.load('elic-mini', device='cpu')
assert_type(codec, taco.NeuralCodec | CodecSet)
data = codec.compress('photo.png', 'two parrots', rate=.0016, effort=2, keep_caption=True)
assert_type(data, bytes)
assert_type(codec.compress(np.zeros((8,8,3), np.uint8), taco.Prompt('two parrots', focus=[(0,0,4,4)], strength=1.), size=2000), bytes)
image = codec.decompress(data, region=(0,0,8,8))
assert_type(image, Image.Image)
assert_type(codec.name, str)
assert_type(codec.id, str)
assert_type(codec.reads_caption, bool)
for file,seconds in codec.compress_at(image, '', [.0004,.0016]): assert_type(file, bytes); assert_type(seconds, float)
head,stream = taco.unpack(data)
assert_type(head, taco.Header)
assert_type(head.width, int)
assert_type(taco.shipped(), dict[str,Path])
taco.Prompt(quality=Path('grey.png')); taco.Prompt(quality=[[0,1]]); taco.Prompt(focus=np.ones((2,2)))

# Many at once, and the Hub
mine = taco.NeuralCodec.from_pretrained('ann/small', revision='v1', device='cpu')
assert_type(mine, taco.NeuralCodec)
assert_type(mine.decompress(data, scale=1/4), Image.Image)
mine.decompress_to(data, Path('back.png'))
assert_type(mine.compress_batch(['a.png','b.png'], rate=.0016), list[bytes])
assert_type(mine.decompress_batch([data]), list[Image.Image])
assert_type(mine.save_pretrained('folder', license='apache-2.0'), Path)
assert_type(mine.push_to_hub('ann/small', measured=dict(Kodak='elic.json')), str)

# Any codec, and one of one's own
other = open_codec('webp')
assert_type(other, Codec)
assert_type(other.compress(image, '', 25), bytes)
assert_type(other.decompress(data), Image.Image)

@taco.register('raw')
class Raw(BaseCodec):
    name,rates = 'raw',(1,)
    def compress(self, image: Any, prompt: str|taco.Prompt = '', rate: float|None = None) -> bytes: return self.pixels(image, prompt).tobytes()
    def decompress(self, data: bytes) -> Image.Image: return Image.frombytes('RGB', (8,8), data)

asked: Codec = Raw()

# Measuring
rgb,notes = read_rgb('photo.png')
assert_type(rgb.shape, tuple[int, ...])
assert_type(psnr(rgb, rgb), float)
original,trips = compare(rgb, 'two parrots', [codec, other], [.0016])
assert_type(trips, list[RoundTrip])
assert_type(trips[0].image, Image.Image)
assert_type(evaluate('photos', 'results', models=['elic-mini'], crop=256, protocol='kodak', keep=True), list[dict[Any,Any]])
assert_type(METRICS['psnr'], Metric)
assert_type(METRICS['psnr'].higher, bool)
scorer('psnr')(rgb, rgb, '')
assert_type(load_text('mini'), TextEncoder)
assert_type(bd_rate(([1,2],[30,31]), ([1,2],[30,31])), float)

# What is wrong is said
taco.laod('elic-mini') # type: ignore[attr-defined]
codec.compress('photo.png', rat=.0016) # type: ignore[call-arg]
codec.decompress('photo.taco') # type: ignore[arg-type]
taco.Prompt(strength='much') # type: ignore[arg-type]
