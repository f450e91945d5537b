"""The journal as evidence: checking it, signing its heads, pruning and exporting it."""
