"Metrics, rate-distortion curves, comparisons, and what a caption buys."
