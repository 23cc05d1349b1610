"""§3.6 to 3.8 and §C: networks that learn to label what fooled the ones before as "fooling"."""
