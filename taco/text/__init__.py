"What the encoder is told: text towers, and the picture towers that share their space."
from .encoder import N_TOKENS, frame, reading_mask, TextEncoder, CaptionTooLong
from .clip import ClipText
from .mini import train_pieces, MiniTextConfig, MiniText
from .towers import load_text
from .relevance import Finder, RelevanceError, RelevanceNote, by_hand, show_map
from .finders import load_finder
