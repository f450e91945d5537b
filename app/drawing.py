"""Pictures of a definition: the one seam behind which pygraphviz lays them out."""
