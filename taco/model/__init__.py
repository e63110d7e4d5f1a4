"The networks: ELIC, its transforms, the adapter, TACO; weights as files."
from .taco import ADAPTERS, TACO, linear_from_taco
from .checkpoint import CheckpointError, our_name, official_config, load_renamed, from_official, save_model, load_model
from .. import _moved
TACO.from_official = staticmethod(_moved.from_official) # its name in 0.1
