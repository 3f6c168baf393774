"""Error rates on drawn samples: distributions whose truth is written down, recorded as users do."""
