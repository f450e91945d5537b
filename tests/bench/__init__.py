"""How fast the parts are, as ratios within one run: `make bench`. Nothing here passes or fails."""
