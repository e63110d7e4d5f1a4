"Many pictures and their captions: where they lie, how they are read, who describes them."
from .captions import CorpusError, parse_captions, read_captions
from .pictures import DataNote, Entry, entries, read_picture
from .data import DataError, Picture, Batch, from_folder, from_shards, open_data, batches
from .store import Table, exclusive_lock
from .executors import Executor, Local, Processes, Ray, executor_of
