"""Building what is deployed: wheels for a target, layers, function archives, sources for Google and Oracle."""
