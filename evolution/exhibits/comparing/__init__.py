"""Groups of runs set side by side: the plots, tables and the test of docs/comparing.md."""
