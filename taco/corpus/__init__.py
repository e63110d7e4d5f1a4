"Many pictures and their captions: where they lie, how they are read, who describes them."
